# SPDX-License-Identifier: GPL-2.0-or-later
"""Plugins that do not fit their LAMMPS with KOKKOS: each is refused in one sentence, LAMMPS goes on.
Environment: EIPNN_LMP, and EIPNN_MISFITS, folder of the plugins misfit_*.so."""
import os
import tempfile
import unittest

from lammps_case import LammpsCase


class Misfits(LammpsCase):
    link = None     # name of a link to the plugin, where there is to be one

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="eipnn-lammps-")

    def refused(self, name, *sentence):
        plugin = os.path.join(os.environ["EIPNN_MISFITS"], "misfit_%s.so" % name)
        if self.link:
            os.symlink(plugin, self.link)
            plugin = self.link
        run = self.lammps("", pair="plugin load %s\nprint 'went on'" % plugin, plugin=False,
                          measure=False, switches=("-k", "on", "t", "1", "-sf", "kk"))
        self.assertIn("went on", run.text.splitlines())
        warnings = [line for line in run.text.splitlines() if "eipnn plugin not loaded" in line]
        self.assertEqual(len(warnings), 1, run.text)
        for part in sentence:
            self.assertIn(part, warnings[0])

    def wants_another_build(self, name, *sentence):
        self.refused(name, "; compile it again for this LAMMPS, with EIPNN_LAMMPS_BUILD", *sentence)

    def test_other_version_of_lammps(self):
        self.wants_another_build("version", "compiled for LAMMPS 20200102, this is 2")

    def test_other_settings_of_kokkos(self):
        self.wants_another_build("settings", "compiled for KOKKOS with", "single, this LAMMPS has", "double;")

    def test_other_version_of_kokkos(self):
        self.wants_another_build("kokkos", "compiled with Kokkos 9.8.7, this LAMMPS has ")

    def test_styles_that_cannot_be_opened(self):
        self.wants_another_build("symbols", "its styles cannot be opened (", "undefined symbol")

    def test_link_to_a_plugin(self):
        """Styles are found beside the plugin, not beside the link."""
        self.link = os.path.join(self.folder, "link.so")
        self.wants_another_build("symbols", "its styles cannot be opened (", "undefined symbol")

    def test_second_file_missing(self):
        self.refused("second_file", "nowhere.so: No such file or directory; copy nowhere.so there, "
                     "from the build folder that the plugin is from")


if __name__ == "__main__":
    unittest.main()
