# SPDX-License-Identifier: GPL-2.0-or-later
"""pair_style eipnn/kk in LAMMPS with KOKKOS: the same numbers as pair_style eipnn, whatever the
threads, ranks, neighbour lists and chunks. `python3 test_pair_eipnn_kk.py CLASS` runs one class."""
import math
import unittest

from lammps_case import Crystal, LammpsCase
from test_pair_eipnn import DOUBLE, HYBRID, PER_ATOM, STRESS

SINGLE_THREAD = ("-k", "on", "t", "1", "-sf", "kk")
TWO_THREADS = ("-k", "on", "t", "2", "-sf", "kk")


def kk(*package, threads=1):
    """Switches of KOKKOS with options of package kokkos."""
    switches = ("-k", "on", "t", str(threads), "-sf", "kk")
    return switches + (("-pk", "kokkos") + package if package else ())


class KokkosCase(LammpsCase):
    def plain_and_kk(self, crystal, runs, script=STRESS, dump=PER_ATOM, relative=1e-9, **options):
        """The plain style on one rank against eipnn/kk; runs: (ranks, newton, switches)."""
        plain = self.lammps(script, crystal=crystal, dump=dump, **options)
        self.assertNotIn("pair eipnn/kk", plain.text)
        for ranks, newton, switches in runs:
            run = self.lammps(script, ranks, newton, crystal=crystal, dump=dump, switches=switches,
                              **options)
            self.assertIn("pair eipnn/kk", run.text)
            self.assert_same(plain, run, relative)
        return plain


class Forces(KokkosCase):
    def test_threads_ranks_and_lists(self):
        self.plain_and_kk(Crystal((3, 2, 2)), [
            (1, "on", kk()), (1, "off", kk(threads=2)), (1, "on", kk("neigh", "full")),
            (1, "off", kk("neigh", "half", "newton", "off")),
            (2, "on", kk("neigh", "half", "newton", "on")), (2, "off", kk("neigh", "full")),
            (4, "on", kk()), (2, "on", kk("comm", "device"))])
