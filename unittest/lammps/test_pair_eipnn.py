# SPDX-License-Identifier: GPL-2.0-or-later
"""pair_style eipnn in LAMMPS: against the library, against itself on other ranks, and in every kind
of run a user would make. `python3 test_pair_eipnn.py CLASS` runs one class."""
import math
import os
import unittest

from lammps_case import Crystal, LammpsCase

DOUBLE = "pair_style eipnn precision double\npair_coeff * * %s %s"
HYBRID = """pair_style hybrid eipnn precision double lj/cut 6.0
pair_coeff * * eipnn si.h5 Si NULL
pair_coeff 1*2 2 lj/cut 0.02 3.0"""
STRESS = """compute s all stress/atom NULL
compute c all centroid/stress/atom NULL
compute e all pe/atom"""
PER_ATOM = "c_e " + " ".join("c_s[%d]" % k for k in range(1, 7)) + " " + \
    " ".join("c_c[%d]" % k for k in range(1, 10))


class Forces(LammpsCase):
    def check(self, crystal, elements=("Si",), model="si.h5", ranks=(1, 2, 4), **options):
        """Every rank count and newton setting against the library, and against each other."""
        pair = DOUBLE % (model, " ".join(elements))
        first = None
        for newton in "on", "off":
            for count in ranks if newton == "on" else ranks[-1:]:
                run = self.lammps(STRESS, count, newton, crystal=crystal, elements=elements,
                                  pair=pair, dump=PER_ATOM, **options)
                self.assert_library(run, crystal.cell, elements=elements, model=model)
                first = first or run
                self.assert_same(first, run)
        return first

    def test_crystal(self):
        self.check(Crystal((3, 3, 3)))

    def test_two_species(self):
        self.check(Crystal((3, 2, 2), types=2), ("Si", "Ge"), "sige.h5")

    def test_species_in_other_order(self):
        self.check(Crystal((2, 2, 2), types=2), ("Ge", "Si"), "sige.h5", ranks=(1, 2))

    def test_triclinic(self):
        self.check(Crystal((2, 2, 3), tilt=(1.5, -2.0, 0.9)))

    def test_box_below_two_cutoffs(self):
        self.check(Crystal((1, 1, 1)))

    def test_box_below_one_cutoff(self):
        sheared = Crystal((1, 1, 1), a=3.9, basis=[(0, 0, 0), (.45, .5, .55)], tilt=(0.8, 0, 0))
        self.check(sheared)

    def test_rank_without_atoms(self):
        self.check(Crystal((1, 1, 1), vacuum=40.0), setup="processors 1 1 *")

    def test_open_boundaries(self):
        crystal = Crystal((2, 2, 2))
        run = [self.lammps("", n, crystal=crystal, setup="boundary f p m") for n in (1, 4)]
        self.assert_same(*run)
        self.assert_library(run[0], crystal.cell, pbc=(0, 1, 0))

    def test_ways_of_communication(self):
        crystal = Crystal((3, 2, 2))
        one = self.lammps("", 1, crystal=crystal)
        multi = "neighbor 1.0 multi\ncomm_modify mode multi"
        for ranks, newton, setup, script in ((4, "on", "", "comm_style tiled\nbalance 1.0 rcb"),
                                             (4, "on", multi, ""),
                                             (3, "on", "processors 3 1 1", ""),
                                             (2, "on off", "", ""), (2, "off on", "", "")):
            run = self.lammps(script, ranks, newton, crystal=crystal, setup=setup)
            self.assert_same(one, run)

    def test_supercell(self):
        crystal = Crystal((1, 1, 1))
        cell = self.lammps("", 1, crystal=crystal)
        block = self.lammps("replicate 3 3 3", 2, crystal=crystal)
        self.assertTrue(math.isclose(block["pe"], 27 * cell["pe"], rel_tol=1e-10))
        self.assert_rows([[block["pxy"]]], [[cell["pxy"]]], 1e-9 * abs(cell["pxx"]))


class Options(LammpsCase):
    def test_precision(self):
        crystal = Crystal((2, 2, 2))
        exact = self.lammps(STRESS, crystal=crystal, dump=PER_ATOM)
        for precision in "mixed", "single":
            pair = "pair_style eipnn precision %s\npair_coeff * * si.h5 Si" % precision
            for ranks in 1, 2:
                run = self.lammps(STRESS, ranks, crystal=crystal, dump=PER_ATOM, pair=pair)
                self.assert_same(exact, run, 1.2e-5)    # 5e-6, of stresses per atom
                self.assertNotEqual(run["pe"], exact["pe"])

    def test_table_off(self):
        crystal = Crystal((2, 2, 2))
        pair = "pair_style eipnn table off precision double\npair_coeff * * si.h5 Si"
        run = self.lammps("", 2, crystal=crystal, pair=pair)
        self.assert_library(run, crystal.cell, table=False)
        self.assertEqual(run.text.count("eipnn model si.h5: "), 1)    # not by every rank
        tabled = self.lammps("", crystal=crystal)
        self.assertLess(abs(run["pe"] - tabled["pe"]), 1e-6 * len(crystal.atoms))
        self.assert_rows(run.forces, tabled.forces, 1e-5)

    def test_real_units(self):
        crystal = Crystal((2, 2, 2))
        metal = self.lammps(STRESS, crystal=crystal, dump=PER_ATOM)
        real = self.lammps(STRESS, 2, crystal=crystal, units="real", dump=PER_ATOM)
        kcal, atm = 23.060549, 1 / 1.01325
        self.assertTrue(math.isclose(real["pe"], kcal * metal["pe"], rel_tol=1e-7))
        self.assertTrue(math.isclose(real["pxy"], atm * metal["pxy"], rel_tol=1e-5))
        scaled = [[kcal * v for v in row] for row in metal.forces]
        self.assert_rows(real.forces, scaled, 1e-4)
        scaled = [[kcal * v for v in row] for row in metal.columns("c_e")]
        self.assert_rows(real.columns("c_e"), scaled, 1e-4)

    def test_ensemble(self):
        if self.lammps_year() < 2022:
            self.skipTest("this LAMMPS has no fix pair")
        crystal = Crystal((2, 2, 2))
        one = self.lammps(STRESS, crystal=crystal, pair=DOUBLE % ("si.h5", "Si"), dump=PER_ATOM)
        two = self.lammps(STRESS, crystal=crystal, pair=DOUBLE % ("si2.h5", "Si"), dump=PER_ATOM)
        script = STRESS + """
compute models all pair eipnn
fix spread all pair 1 eipnn force_spread 0 energy_spread 0
run 0 post no
print 'VALUE e1 $(c_models[1]:%.17g)'
print 'VALUE e2 $(c_models[2]:%.17g)'"""
        both = self.lammps(script, 2, crystal=crystal, pair=DOUBLE % ("si.h5 si2.h5", "Si"),
                           dump=PER_ATOM + " f_spread[1] f_spread[2]")
        self.assertTrue(math.isclose(both["e1"], one["pe"], rel_tol=1e-9))
        self.assertTrue(math.isclose(both["e2"], two["pe"], rel_tol=1e-9))
        self.assertTrue(math.isclose(both["pe"], (one["pe"] + two["pe"]) / 2, rel_tol=1e-9))
        for names in ("fx", "fy", "fz"), PER_ATOM.split():
            a, b = one.columns(*names), two.columns(*names)
            mean = [[(u + v) / 2 for u, v in zip(p, q)] for p, q in zip(a, b)]
            self.assert_rows(both.columns(*names), mean,
                             1e-9 * max(abs(v) for row in mean for v in row))
        spread = [[math.dist(p, q) / 2] for p, q in zip(one.forces, two.forces)]
        self.assert_rows(both.columns("f_spread[1]"), spread, 1e-9)
        spread = [[abs(p[0] - q[0]) / 2] for p, q in zip(one.columns("c_e"), two.columns("c_e"))]
        self.assert_rows(both.columns("f_spread[2]"), spread, 1e-9)


class Stress(LammpsCase):
    def test_per_atom_sums(self):
        crystal = Crystal((2, 2, 2), tilt=(1.0, 0.5, -0.5))
        for newton, ranks in ("on", 1), ("on", 2), ("off", 2):
            run = self.lammps(STRESS, ranks, newton, crystal=crystal, dump=PER_ATOM)
            energy = sum(row[0] for row in run.columns("c_e"))
            self.assertTrue(math.isclose(energy, run["pe"], rel_tol=1e-12))
            for k, p in enumerate(("pxx", "pyy", "pzz", "pxy", "pxz", "pyz")):
                expected = -run[p] * run["vol"]
                for style in "s", "c":
                    found = sum(row[0] for row in run.columns("c_%s[%d]" % (style, k + 1)))
                    scale = abs(run["pxx"] * run["vol"])
                    self.assertLess(abs(found - expected), 1e-8 * scale + 1e-6)

    def energy_at(self, crystal, change):
        script = "change_box all triclinic\n" + change
        return self.lammps(script, crystal=crystal)["pe"]

    def test_pressure_is_strain_derivative(self):
        crystal, h = Crystal((2, 2, 2)), 1e-4
        run = self.lammps("", crystal=crystal)
        lengths = [crystal.cell[k][k] for k in range(3)]
        largest = max(abs(run[p]) for p in ("pxx", "pyy", "pzz")) * run["vol"] / 1.6021765e6
        changes = [("pxx", "x scale %.12g", 1, 1), ("pyy", "y scale %.12g", 1, 1),
                   ("pzz", "z scale %.12g", 1, 1), ("pxy", "xy delta %.12g", 0, lengths[1]),
                   ("pxz", "xz delta %.12g", 0, lengths[2]),
                   ("pyz", "yz delta %.12g", 0, lengths[2])]
        for name, change, base, scale in changes:
            e = [self.energy_at(crystal, "change_box all " + change % (base + s * h * scale) +
                                " remap units box") for s in (1, -1)]
            expected = -(e[0] - e[1]) / (2 * h)
            found = run[name] * run["vol"] / 1.6021765e6
            self.assertLess(abs(found - expected), 1e-5 * largest, name)


class Hybrid(LammpsCase):
    elements = ("Si", "Ar")

    def reference(self, crystal, run):
        """Library on the silicon atoms plus LAMMPS' lj/cut alone."""
        pair = """pair_style hybrid lj/cut 6.0
pair_coeff 1 1 none
pair_coeff 1*2 2 lj/cut 0.02 3.0"""
        lj = self.lammps("", crystal=crystal, elements=self.elements, pair=pair)
        energy, _, forces = self.library(run, crystal.cell, elements=("Si", None))
        total, silicon = [], iter(forces)
        for row, f in zip(lj.frames[-1], lj.forces):
            extra = next(silicon) if row["type"] == 1 else (0, 0, 0)
            total.append([a + b for a, b in zip(f, extra)])
        return energy + lj["pe"], total

    def test_null_elements(self):
        crystal = Crystal((2, 2, 2), types=2)
        options = dict(crystal=crystal, elements=self.elements, pair=HYBRID, dump=PER_ATOM)
        one = self.lammps(STRESS, **options)
        energy, forces = self.reference(crystal, one)
        self.assertTrue(math.isclose(one["pe"], energy, rel_tol=1e-10))
        self.assert_rows(one.forces, forces, 1e-6)
        for newton, ranks in ("on", 2), ("on", 4), ("off", 2):
            self.assert_same(one, self.lammps(STRESS, ranks, newton, **options))

    def test_two_networks(self):
        crystal, elements = Crystal((2, 2, 2), types=2), ("Si", "Ge")
        pair = """pair_style hybrid eipnn precision double eipnn precision double lj/cut 5
pair_coeff * * eipnn 1 si.h5 Si NULL
pair_coeff * * eipnn 2 sige.h5 NULL Ge
pair_coeff 1 2 lj/cut 0.01 2.0"""
        runs = [self.lammps("", n, crystal=crystal, elements=elements, pair=pair) for n in (1, 4)]
        self.assert_same(*runs)

    def test_overlay(self):
        crystal = Crystal((2, 2, 2))
        zbl = "zbl 2.0 3.0\npair_coeff * * zbl 14 14"
        alone = self.lammps("", crystal=crystal, pair="pair_style hybrid/overlay " + zbl)
        pair = "pair_style hybrid/overlay eipnn precision double tables on " + zbl + \
            "\npair_coeff * * eipnn si.h5 Si"
        for newton, ranks in ("on", 1), ("off", 2):
            run = self.lammps("", ranks, newton, crystal=crystal, pair=pair)
            energy, _, forces = self.library(run, crystal.cell)
            self.assertTrue(math.isclose(run["pe"], energy + alone["pe"], rel_tol=1e-10))
            total = [[a + b for a, b in zip(p, q)] for p, q in zip(forces, alone.forces)]
            self.assert_rows(run.forces, total, 1e-6)


class Runs(LammpsCase):
    dynamics = "velocity all create 600 4711 loop geom\nfix nve all nve\ntimestep 0.001\n"

    def test_dynamics_on_ranks(self):
        crystal = Crystal((2, 2, 3))
        runs = [self.lammps(self.dynamics + "run 40", n, crystal=crystal) for n in (1, 4)]
        self.assert_same(*runs, relative=1e-7)
        self.assert_library(runs[0], crystal.cell)

    def test_balance_during_run(self):
        crystal = Crystal((2, 2, 4))
        script = self.dynamics + "%s\nrun 30"
        one = self.lammps(script % "", crystal=crystal)
        four = self.lammps(script % "fix b all balance 10 1.0 shift xyz 5 1.0", 4, crystal=crystal)
        self.assert_same(one, four, relative=1e-7)

    def test_changing_box(self):
        crystal, sides = Crystal((2, 2, 2)), ("lx", "ly", "lz", "xy", "xz", "yz")
        script = "change_box all triclinic\nvelocity all create 300 1\n" \
            "fix npt all npt temp 300 300 0.1 tri 0 0 1.0\nrun 20\n" + \
            "\n".join("print 'VALUE %s $(%s:%%.17g)'" % (s, s) for s in sides)
        run = self.lammps(script, 2, crystal=crystal)
        lx, ly, lz, xy, xz, yz = (run[s] for s in sides)
        self.assertNotEqual(xy, 0.0)
        self.assert_library(run, [[lx, 0, 0], [xy, ly, 0], [xz, yz, lz]])

    def test_restart(self):
        crystal = Crystal((2, 2, 2))
        whole = self.lammps(self.dynamics + "run 20\nwrite_restart half\nrun 20", crystal=crystal)
        pair = "pair_style eipnn precision double\npair_coeff * * si.h5 Si"
        rest = self.lammps("fix nve all nve\ntimestep 0.001\nrun 20", setup="",
                           pair="read_restart half\n" + pair)
        self.assert_same(whole, rest)

    def test_rerun(self):
        crystal = Crystal((2, 2, 2))
        dump = "dump d all custom 5 path.dump id type x y z fx fy fz\n" \
            "dump_modify d format float %.17g\n"
        path = self.lammps(self.dynamics + dump + "run 10", crystal=crystal)
        again = self.lammps("rerun path.dump dump x y z", 2, crystal=crystal)
        self.assertTrue(math.isclose(again["pe"], path["pe"], rel_tol=1e-9))
        self.assert_rows(again.forces, path.forces, 1e-7)

    def test_minimize(self):
        crystal = Crystal((2, 2, 2))
        start = self.lammps("", crystal=crystal)
        for ranks in 1, 2:
            end = self.lammps("minimize 0 0 20 100", ranks, crystal=crystal)
            self.assertLess(end["pe"], start["pe"] - 0.1)
            energy, _, forces = self.library(end, crystal.cell)
            self.assertTrue(math.isclose(end["pe"], energy, rel_tol=1e-10))
            self.assert_rows(end.forces, forces, 1e-6)

    def test_atoms_come_and_go(self):
        crystal = Crystal((2, 2, 2), vacuum=12.0)
        script = self.dynamics + """region top block EDGE EDGE EDGE EDGE 15 20 units box
region bottom block EDGE EDGE EDGE EDGE 0 4 units box
fix d all deposit 4 1 5 1234 region top near 1.5 units box
fix e all evaporate 7 2 bottom 5678
run 30"""
        for ranks in 1, 4:
            run = self.lammps(script, ranks, crystal=crystal)
            self.assertEqual(run["atoms"], len(run.frames[-1]))
            self.assertNotEqual(run["atoms"], len(crystal.atoms))
            self.assert_library(run, crystal.cell)

    def test_unload_load_clear(self):
        if "PLUGIN" not in self.about_lammps():
            self.skipTest("this LAMMPS has no plugin command")
        crystal, plugin = Crystal((2, 2, 2)), os.environ["EIPNN_PLUGIN"]
        load = "plugin load %s\n" % plugin
        pair = "pair_style eipnn precision double\npair_coeff * * si.h5 Si\n"
        again = "clear\nunits metal\nread_data crystal.data\n"
        script = "run 5\nplugin unload pair eipnn\n" + load + pair + "run 5\n" + again + load + pair
        run = self.lammps(script, crystal=crystal, plugin=False, pair=load + pair)
        self.assert_library(run, crystal.cell)

    def test_energy_is_conserved(self):
        """10 ps at 300 K; springs hold the crystal, which a random network would not."""
        crystal = Crystal((2, 2, 2), rattle=0.0)
        script = """velocity all create 600 4711
fix springs all spring/self 10.0
fix_modify springs energy yes
fix nve all nve
timestep 0.001
run 1000
variable e equal etotal
fix first all ave/time 1 1000 1000 v_e
run 1000
print 'VALUE first $(f_first:%.17g)'
run 8000
print 'VALUE last $(f_first:%.17g)'
print 'VALUE temp $(temp:%.17g)'"""
        run = self.lammps(script, crystal=crystal)
        self.assertGreater(run["temp"], 150)
        self.assertLess(abs(run["last"] - run["first"]) / len(crystal.atoms), 1e-5)


class Delta(LammpsCase):
    """Models of delta learning: two sw potentials run beside the network."""
    elements = ("Si",)
    alone = "pair_style eipnn precision double\npair_coeff * * %s Si"
    parameters = "Si Si Si %g 2.0951 1.80 %g 1.20 -0.333333333333 7.0495563 0.60222456 4 0 0\n"

    def setUp(self):
        for name, epsilon, strength in ("first", 2.1683, 21.0), ("second", 1.9, 31.5):
            with open(os.path.join(self.folder, name + ".sw"), "w") as f:
                f.write(self.parameters % (epsilon, strength))

    def lines(self, model):
        """The lines that the error message says to type."""
        run = self.lammps("run 0", crystal=Crystal((1, 1, 1)), pair=self.alone % model, fails=True,
                          measure=False)
        found = [l for l in run.text.splitlines() if l.startswith("pair_")]
        self.assertIn("lines instead", run.text)
        return "\n".join(found[-4:])

    def test_lines_of_the_message_run(self):
        pair = self.lines("delta.h5")
        self.assertEqual(pair, """pair_style hybrid/scaled 0.6 sw -0.25 sw 1.0 eipnn precision double delta yes
pair_coeff * * sw 1 first.sw Si
pair_coeff * * sw 2 second.sw Si
pair_coeff * * eipnn delta.h5 Si""")
        crystal = Crystal((2, 2, 2))
        parts = [self.lammps("", crystal=crystal,
                             pair="pair_style sw\npair_coeff * * %s.sw Si" % name)
                 for name in ("first", "second")]
        for ranks, newton in (1, "on"), (4, "on"), (2, "on off"):
            run = self.lammps("", ranks, newton, crystal=crystal, pair=pair)
            energy, virial, forces = self.library(run, crystal.cell, model="delta.h5")
            expected = energy + 0.6 * parts[0]["pe"] - 0.25 * parts[1]["pe"]
            self.assertTrue(math.isclose(run["pe"], expected, rel_tol=1e-10))
            total = [[n + 0.6 * a - 0.25 * b for n, a, b in zip(*rows)]
                     for rows in zip(forces, parts[0].forces, parts[1].forces)]
            self.assert_rows(run.forces, total, 1e-6)
            for k, p in enumerate(("pxx", "pyy", "pzz", "pxy", "pxz", "pyz")):
                pressure = (virial[k] * 1.6021765e6 / run["vol"] + 0.6 * parts[0][p] -
                            0.25 * parts[1][p])
                self.assertLess(abs(run[p] - pressure), 1e-5 * abs(run["pxx"]))
        self.assertIn("EIPs run beside it", run.text)

    def test_unknown_commands_and_kim(self):
        self.assertEqual(self.lines("kim.h5"), """\
pair_style hybrid/scaled 0.6 kim SW_Model__MO_1 -0.25 <style of eip/other> 1.0 eipnn precision \
double delta yes
pair_coeff * * kim Si
pair_coeff * * <style of eip/other> <its coefficients>
pair_coeff * * eipnn kim.h5 Si""")

    def test_elements_and_ensemble(self):
        """Elements are those of the atom types, coefficients the mean over the models."""
        crystal = Crystal((1, 1, 1), types=2)
        pair = "pair_style eipnn\npair_coeff * * delta.h5 si.h5 Si Si"
        run = self.lammps("run 0", crystal=crystal, elements=("Si", "Si"), pair=pair, fails=True,
                          measure=False)
        self.assertIn("hybrid/scaled 0.3 sw -0.125 sw 1.0 eipnn delta yes\n", run.text)
        self.assertIn("pair_coeff * * sw 1 first.sw Si Si\n", run.text)
        self.assertIn("pair_coeff * * eipnn delta.h5 si.h5 Si Si\n", run.text)

    def test_delta_yes_alone_or_in_vain(self):
        for style, model, words in (("delta yes", "delta.h5", "must run beside it"),
                                    ("delta yes", "si.h5", "leave delta yes out"),
                                    ("delta maybe", "si.h5", "delta must be yes or no, not maybe")):
            run = self.lammps("run 0", crystal=Crystal((1, 1, 1)), fails=True, measure=False,
                              pair="pair_style eipnn %s\npair_coeff * * %s Si" % (style, model))
            self.assertIn(words, run.text)


class Messages(LammpsCase):
    def says(self, expected, pair, elements=("Si",), **options):
        crystal = Crystal((1, 1, 1), types=len(elements))
        run = self.lammps("run 0", crystal=crystal, elements=elements, pair=pair, fails=True,
                          measure=False, **options)
        text = " ".join(run.text.split())
        self.assertIn(expected, text)

    def test_pair_style(self):
        self.says("Unknown pair_style eipnn keyword cutoff; known are: precision",
                  "pair_style eipnn cutoff 5")
        self.says("must be single, mixed or double, not half", "pair_style eipnn precision half")
        self.says("table must be on or off, not 3", "pair_style eipnn table 3")
        self.says("lacks its value", "pair_style eipnn table")
        self.says("units metal or real, not with units lj", "pair_style eipnn", units="lj")

    def test_pair_coeff(self):
        style = "pair_style eipnn\npair_coeff "
        self.says("one element or NULL for each of the 1 atom types", style + "* * si.h5")
        self.says("si2.h5 is not an element", style + "* * si.h5 si2.h5")
        self.says("knows Si, not Ge", style + "* * si.h5 Ge")
        self.says("use pair_style hybrid or hybrid/overlay", style + "* * si.h5 Si NULL",
                  ("Si", "Ar"))
        self.says("every atom type is NULL", HYBRID.replace("Si NULL", "NULL NULL"), ("Si", "Ar"))

    def test_model_files(self):
        style = "pair_style eipnn\npair_coeff * * %s Si"
        self.says("missing.h5", style % "missing.h5")
        self.says("padded graph, which is for training only", style % "padded.h5")
        self.says("a classifier of 2 classes ('edip', ...) and has no energy",
                  style % "classifier.h5")
        self.says("eipnn train DATA.h5 --split S --method mp --pretrained", style % "heads.h5")
        with open(os.path.join(self.folder, "si.h5"), "rb") as f:
            whole = f.read()
        half = whole[:len(whole) // 2]
        for name, data in ("cut.h5", half), ("empty.h5", b""), ("text.h5", b"model\n"):
            with open(os.path.join(self.folder, name), "wb") as f:
                f.write(data)
            self.says(name, style % name, ranks=2 if name == "cut.h5" else 1)

    def test_wrong_masses_are_noticed(self):
        pair = "pair_style eipnn\npair_coeff * * sige.h5 Ge Si"
        crystal = Crystal((1, 1, 1), types=2)
        run = self.lammps("run 0", crystal=crystal, elements=("Si", "Ge"), pair=pair)
        self.assertIn("check the order of elements", run.text)


if __name__ == "__main__":
    unittest.main()
