# SPDX-License-Identifier: GPL-2.0-or-later
"""pair_style eipnn/kk in LAMMPS with KOKKOS: the same numbers as pair_style eipnn, whatever the
threads, ranks, neighbour lists and chunks. `python3 test_pair_eipnn_kk.py CLASS` runs one class."""
import math
import os
import re
import unittest

from lammps_case import Crystal, LammpsCase
from test_pair_eipnn import DOUBLE, HYBRID, PER_ATOM, STRESS, Runs as PlainRuns


def kk(*package, threads=1):
    """Switches of the command line; package: options of the command package kokkos. A LAMMPS for
    GPUs takes as many as EIPNN_GPUS says."""
    gpus = os.environ.get("EIPNN_GPUS")
    switches = ("-k", "on", *(("g", gpus) if gpus else ("t", str(threads))), "-sf", "kk")
    return switches + (("-pk", "kokkos") + package if package else ())


class KokkosCase(LammpsCase):
    def compare(self, crystal, runs, script=STRESS, dump=PER_ATOM, relative=1e-9, **options):
        """The plain style on one rank against eipnn/kk; runs: (ranks, newton, switches)."""
        plain = self.lammps(script, crystal=crystal, dump=dump, **options)
        self.assertNotIn("kokkos_device", plain.text)
        self.assertGreater(max(abs(v) for f in plain.forces for v in f), 0.05)
        for ranks, newton, switches in runs:
            run = self.lammps(script, ranks, newton, crystal=crystal, dump=dump, switches=switches,
                              **options)
            self.assertRegex(run.text, "pair eipnn[^\n]*\n *attributes: full, .*kokkos_device")
            self.assert_same(plain, run, relative)
        return plain


class Forces(KokkosCase):
    """Energy, forces, virial, energy and (centroid) stress per atom."""

    def test_threads_ranks_and_lists(self):
        self.compare(Crystal((3, 2, 2)), [
            (1, "on", kk()), (1, "off", kk(threads=2)),
            (1, "off", kk("neigh", "full", "newton", "off")),
            (1, "on", kk("neigh", "half", "newton", "on")),
            (2, "on", kk("neigh", "half", "newton", "off", threads=2)),
            (2, "off", kk("neigh", "full", "newton", "off", "comm", "device")), (4, "on", kk())])

    def test_full_lists_with_newton(self):
        if self.lammps_year() >= 2022:
            self.skipTest("this LAMMPS has no neigh full with newton on")
        switches = kk("neigh", "full", "newton", "on")
        self.compare(Crystal((2, 2, 2)), [(1, "on", switches), (2, "on", switches)])

    def test_ways_of_communication(self):
        runs = [(2, "on", kk("comm", way)) for way in ("no", "host", "device")]
        runs += [(2, "off", kk("comm", "no", "comm/pair/forward", "device"))]
        self.compare(Crystal((2, 2, 2)), runs)
        self.compare(Crystal((2, 2, 2)), runs[:1] + runs[2:3],
                     setup="comm_modify cutoff 9.0 vel yes")

    def test_precision(self):
        """Both read the same tables: largest difference 1.5e-6, of a stress per atom."""
        for precision in "single", "mixed":
            options = dict(crystal=Crystal((2, 2, 2)), dump=PER_ATOM,
                           pair="pair_style eipnn precision %s\npair_coeff * * si.h5 Si" % precision)
            plain = self.lammps(STRESS, **options)
            energies = plain.columns("c_e")
            largest = max(abs(e[0]) for e in energies)
            for ranks, threads in (1, 2), (2, 1):
                run = self.lammps(STRESS, ranks, switches=kk(threads=threads), **options)
                self.assert_same(plain, run, 5e-6)
                self.assertTrue(math.isclose(plain["pe"], run["pe"], rel_tol=1e-7))
                self.assert_rows(run.columns("c_e"), energies, 1e-6 * largest)

    def test_real_units_and_exact_functions(self):
        pair = "pair_style eipnn precision double table off\npair_coeff * * si.h5 Si"
        self.compare(Crystal((2, 2, 2)), [(1, "on", kk()), (2, "on", kk())], pair=pair,
                     units="real")

    def test_triclinic(self):
        self.compare(Crystal((2, 2, 3), tilt=(1.5, -2.0, 0.9)), [(1, "on", kk()), (4, "on", kk())])

    def test_box_below_one_cutoff(self):
        sheared = Crystal((1, 1, 1), a=3.9, basis=[(0, 0, 0), (.45, .5, .55)], tilt=(0.8, 0, 0))
        self.compare(sheared, [(1, "on", kk()), (4, "on", kk()), (2, "off", kk())])

    def test_rank_without_atoms(self):
        self.compare(Crystal((1, 1, 1), vacuum=40.0), [(2, "on", kk()), (4, "on", kk())],
                     setup="processors 1 1 *")

    def test_open_boundaries(self):
        self.compare(Crystal((2, 2, 2)), [(1, "on", kk()), (4, "on", kk())],
                     setup="boundary f p m")

    def test_device_is_named_once(self):
        for ranks, threads, said in (1, 2, ", 2 threads: 1 model"), (2, 1, ", 1 thread per rank: "):
            run = self.lammps("", ranks, crystal=Crystal((2, 2, 2)), switches=kk(threads=threads))
            lines = [line for line in run.text.splitlines() if line.startswith("eipnn/kk on ")]
            self.assertEqual(len(lines), 1, run.text)
            self.assertIn("precision double", lines[0])
            if not os.environ.get("EIPNN_GPUS"):
                self.assertIn(said, lines[0])

    def test_two_species(self):
        self.compare(Crystal((2, 2, 2), types=2), [(1, "on", kk()), (2, "on", kk(threads=2))],
                     elements=("Ge", "Si"), pair=DOUBLE % ("sige.h5", "Ge Si"))

    def test_tiled_communication(self):
        self.compare(Crystal((3, 2, 2)), [(4, "on", kk())],
                     script=STRESS + "\ncomm_style tiled\nbalance 1.0 rcb")

    def test_suffixes_by_name(self):
        for style in "eipnn/kk", "eipnn/kk/device", "eipnn/kk/host":
            pair = "pair_style %s precision double\npair_coeff * * si.h5 Si" % style
            crystal = Crystal((2, 1, 1))
            run = self.lammps("", crystal=crystal, pair=pair, switches=kk())
            self.assertIn("pair eipnn/kk", run.text)
            self.assert_library(run, crystal.cell)


class Chunks(KokkosCase):
    """Energies in parts, with neighbourhoods smaller than the crystal and over several ranks."""
    pair = "pair_style eipnn precision double chunksize %d\npair_coeff * * %s"

    def test_parts_add_up(self):
        crystal = Crystal((7, 1, 1))    # two layers of 4.5 A reach less than half of it
        for size, runs in ((13, [(1, "on", kk()), (2, "off", kk(threads=2)), (4, "on", kk())]),
                           (1, [(3, "on", kk())]), (1000, [(2, "on", kk())])):
            self.compare(crystal, runs, pair=self.pair % (size, "si.h5 Si"))

    def test_ensemble_in_parts(self):
        self.compare(Crystal((3, 1, 1)), [(1, "on", kk()), (2, "on", kk())],
                     pair=self.pair % (9, "si.h5 si2.h5 Si"))

    def test_rank_without_atoms(self):
        self.compare(Crystal((1, 1, 1), vacuum=40.0), [(3, "on", kk())], setup="processors 1 1 *",
                     pair=self.pair % (3, "si.h5 Si"))

    def test_said_once(self):
        run = self.lammps(PlainRuns.dynamics + "neigh_modify every 5 check no\nrun 20",
                          crystal=Crystal((2, 1, 1)), switches=kk(),
                          pair=self.pair % (5, "si.h5 Si"))
        self.assertEqual(run.text.count("eipnn/kk: energies in 4 parts (chunksize 5)"), 1)


class Styles(KokkosCase):
    def test_hybrid_with_null(self):
        crystal, dump = Crystal((2, 2, 2), types=2), PER_ATOM[:PER_ATOM.index(" c_c")]
        self.compare(crystal, [(1, "on", kk()), (2, "on", kk(threads=2)), (4, "on", kk()),
                               (1, "off", kk("neigh", "full", "newton", "off"))],
                     elements=("Si", "Ar"), pair=HYBRID, dump=dump)

    def test_overlay(self):
        pair = "pair_style hybrid/overlay eipnn precision double zbl 2.0 3.0\n" \
            "pair_coeff * * eipnn si.h5 Si\npair_coeff * * zbl 14 14"
        self.compare(Crystal((2, 2, 2)), [(1, "on", kk()), (2, "off", kk())], pair=pair, dump="")

    def test_overlay_on_the_device(self):
        pair = "pair_style hybrid/overlay lj/cut 5.0 eipnn precision double\n" \
            "pair_coeff * * eipnn si.h5 Si\npair_coeff * * lj/cut 0.02 2.1"
        dump = PER_ATOM[:PER_ATOM.index(" c_c")]
        runs = [(1, "on", kk(threads=2)), (2, "on", kk("neigh", "half", "newton", "on")),
                (2, "off", kk("neigh", "full", "newton", "off", "comm", "device"))]
        self.compare(Crystal((2, 2, 2)), runs, pair=pair, dump=dump)
        self.compare(Crystal((2, 2, 2)), runs[:2], pair=pair, dump="", relative=1e-6,
                     script=PlainRuns.dynamics + "run 20")

    def test_ensemble(self):
        spread = self.lammps_year() >= 2022    # fix pair
        script = STRESS + "\ncompute models all pair eipnn%s\n"
        if spread:
            script += "fix spread all pair 1 eipnn%s force_spread 0 energy_spread 0\n"
        script += "thermo_style custom step pe c_models[1] c_models[2]\nrun 0 post no\n" \
            "print 'VALUE e1 $(c_models[1]:%%.17g)'\nprint 'VALUE e2 $(c_models[2]:%%.17g)'"
        dump = PER_ATOM + (" f_spread[1] f_spread[2]" if spread else "")
        options = dict(crystal=Crystal((2, 2, 2)), dump=dump, pair=DOUBLE % ("si.h5 si2.h5", "Si"))
        plain = self.lammps(script % ((("",) * script.count("%s"))), **options)
        for ranks, threads in (1, 2), (2, 1):
            suffixed = script % (("/kk",) * script.count("%s"))
            run = self.lammps(suffixed, ranks, switches=kk(threads=threads), **options)
            self.assert_same(plain, run)
            for name in "e1", "e2":
                self.assertTrue(math.isclose(run[name], plain[name], rel_tol=1e-9))


class Runs(KokkosCase):
    def test_dynamics(self):
        crystal = Crystal((2, 2, 3))
        self.compare(crystal, [(1, "on", kk(threads=2)),
                               (2, "off", kk("neigh", "full", "newton", "off"))],
                     script=PlainRuns.dynamics + "run 200", dump="", relative=1e-6)

    def test_dynamics_in_parts(self):
        pair = "pair_style eipnn precision double chunksize 20\npair_coeff * * si.h5 Si"
        self.compare(Crystal((5, 1, 1)), [(2, "on", kk())], dump="", relative=1e-6, pair=pair,
                     script=PlainRuns.dynamics + "run 60")

    def test_balance_during_run(self):
        self.compare(Crystal((2, 2, 4)), [(4, "on", kk())], dump="", relative=1e-6,
                     script=PlainRuns.dynamics + "fix b all balance 10 1.0 shift xyz 5 1.0\nrun 30")

    def test_restart_and_rerun(self):
        crystal, switches = Crystal((2, 2, 2)), kk()
        script = PlainRuns.dynamics + "dump d all custom 5 path.dump id type x y z\n" \
            "dump_modify d format float %.17g\nrun 10\nwrite_restart half\nrun 10"
        whole = self.lammps(script, crystal=crystal, switches=switches)
        pair = "read_restart half\npair_style eipnn precision double\npair_coeff * * si.h5 Si"
        rest = self.lammps("fix nve all nve\ntimestep 0.001\nrun 10", pair=pair, switches=switches)
        self.assert_same(whole, rest)
        for ranks in 1, 2:
            again = self.lammps("rerun path.dump dump x y z", ranks, crystal=crystal,
                                switches=switches)
            self.assertTrue(math.isclose(again["pe"], whole["pe"], rel_tol=1e-9))
            self.assert_rows(again.forces, whole.forces, 1e-7)

    def test_minimize(self):
        crystal = Crystal((2, 2, 2))
        start = self.lammps("", crystal=crystal)
        end = self.lammps("minimize 0 0 20 100", 2, crystal=crystal, switches=kk())
        self.assertLess(end["pe"], start["pe"] - 0.1)
        self.assert_library(end, crystal.cell)


    def test_changing_box(self):
        crystal, sides = Crystal((2, 2, 2)), ("lx", "ly", "lz", "xy", "xz", "yz")
        moves = [(1, "fix nve all nve\nfix d all deform 1 x erate 0.5 xy erate 1.0 remap x\nrun 20"),
                 (2, "fix npt all npt temp 300 300 0.1 tri 0 0 1.0\nrun 20")]
        relax = "fix b all box/relax tri 0.0 vmax 0.001\nminimize 0 0 8 30\nunfix b"
        for ranks, move in moves + [(1, relax), (2, relax)]:
            script = "change_box all triclinic\nvelocity all create 300 1\n%s\n" % move + \
                "\n".join("print 'VALUE %s $(%s:%%.17g)'" % (s, s) for s in sides)
            run = self.lammps(script, ranks, crystal=crystal, switches=kk())
            lx, ly, lz, xy, xz, yz = (run[s] for s in sides)
            self.assertGreater(abs(xy), 1e-4)
            self.assert_library(run, [[lx, 0, 0], [xy, ly, 0], [xz, yz, lz]])

    def test_atoms_come_and_go(self):
        """Between runs: fewer atoms, a rank without any, more atoms."""
        crystal = Crystal((3, 1, 1))
        script = PlainRuns.dynamics + """run 5
region left block EDGE 8.0 EDGE EDGE EDGE EDGE units box
delete_atoms region left
run 0
create_atoms 1 single 2.0 2.0 2.0 units box
run 5
create_atoms 1 single 4.5 1.0 3.0 units box"""
        for ranks, pair in (1, ""), (2, ""), (2, " chunksize 4"):
            pair = "pair_style eipnn precision double%s\npair_coeff * * si.h5 Si" % pair
            run = self.lammps(script, ranks, crystal=crystal, switches=kk(), pair=pair,
                              setup="processors * 1 1")
            self.assertLess(len(run.frames[-1]), len(crystal.atoms) - 5)
            self.assert_library(run, crystal.cell)


class Memory(KokkosCase):
    """Energies come in parts by themselves where little memory is free: told to LAMMPS by a
    preloaded library, since GPUs, which are what this is for, cannot be made smaller."""
    pair = "pair_style eipnn precision double table off%s\npair_coeff * * si.h5 Si"
    script = STRESS + "\nneigh_modify every 1 delay 0 check no\nrun 2"    # three sets of lists
    said = r"eipnn/kk: energies in (\d+) parts \(%s.*\), ([0-9.]+) MB per rank"

    def setUp(self):
        if os.environ.get("EIPNN_GPUS"):
            self.skipTest("the memory of GPUs is what it is")
        self.options = dict(crystal=Crystal((1, 1, 14)), switches=kk())

    def test_parts_by_themselves(self):
        for ranks in 1, 2:
            size = 14 * 8 // ranks // 4
            parts = self.lammps("", ranks, pair=self.pair % (" chunksize %d" % size),
                                **self.options)
            wanted = float(re.search(self.said % "chunksize", parts.text).group(2))
            whole = self.lammps(self.script, ranks, pair=self.pair % "", dump=PER_ATOM,
                                **self.options)
            self.assertNotIn("parts", whole.text)
            run = self.lammps(self.script, ranks, pair=self.pair % "", dump=PER_ATOM,
                              free_kb=1024 * ranks * 1.15 * wanted / 0.9, **self.options)
            found = re.findall(self.said % "device memory is short", run.text)
            self.assertEqual([n for n, _ in found], ["4"], run.text)
            self.assert_same(whole, run)

    def test_one_rank_is_short(self):
        """The other has no atoms: both compute in parts."""
        self.options.update(crystal=Crystal((1, 1, 14), vacuum=90.0), setup="processors 1 1 2")
        parts = self.lammps("", 2, pair=self.pair % " chunksize 28", **self.options)
        wanted = float(re.search(self.said % "chunksize", parts.text).group(2))
        whole = self.lammps(self.script, 2, pair=self.pair % "", dump=PER_ATOM, **self.options)
        run = self.lammps(self.script, 2, pair=self.pair % "", dump=PER_ATOM,
                          free_kb=1024 * 2 * 1.15 * wanted / 0.9, **self.options)
        found = re.findall(self.said % "device memory is short", run.text)
        self.assertEqual([n for n, _ in found], ["4"], run.text)
        self.assert_same(whole, run)

    def test_no_number_of_parts_fits(self):
        for ranks in 1, 2:
            run = self.lammps("run 0", ranks, pair=self.pair % "", free_kb=100, fails=True,
                              measure=False, **self.options)
            self.assertRegex(" ".join(run.text.split()), r"eipnn/kk: [0-9.]+ MB of device memory are "
                             r"wanted per rank even with energies in \d+ parts, 0\.\d MB are free")


class Messages(KokkosCase):
    def says(self, expected, pair, **options):
        run = self.lammps("run 0", crystal=Crystal((1, 1, 1)), pair=pair, fails=True,
                          measure=False, **options)
        self.assertIn(expected, " ".join(run.text.split()))

    def test_kokkos_not_switched_on(self):
        self.says("needs Kokkos switched on; run with: lmp -k on g 1 -sf kk -in FILE",
                  "pair_style eipnn/kk")

    def test_bad_words(self):
        self.says("Unknown pair_style eipnn keyword chunks; known are: precision",
                  "pair_style eipnn/kk chunks 5", switches=kk())
        for size in "0", "-3", "many", "10x", "":
            self.says("chunksize must be a number of atoms, 1 or more",
                      "pair_style eipnn chunksize '%s'" % size, switches=kk())
        self.says("knows Si, not Ge", "pair_style eipnn\npair_coeff * * si.h5 Ge", switches=kk())

    def test_delta_learning(self):
        self.says("hybrid/scaled does not run with Kokkos switched on",
                  "pair_style eipnn\npair_coeff * * delta.h5 Si", switches=kk())

    def test_atoms_on_top_of_each_other(self):
        script = "pair_style eipnn precision double\npair_coeff * * si.h5 Si\n" \
            "create_atoms 1 single 1 1 1 units box\ncreate_atoms 1 single 1 1 1 units box"
        self.says("Pair style eipnn/kk: atoms at 1 1 1 and 1 1 1", script, switches=kk())


if __name__ == "__main__":
    unittest.main()
