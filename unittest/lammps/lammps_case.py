# SPDX-License-Identifier: GPL-2.0-or-later
"""Real LAMMPS runs for tests: crystals, input scripts, dumps, and the library's own answer.

Environment: EIPNN_LMP, EIPNN_MPIEXEC (programs), EIPNN_PLUGIN (eipnnplugin.so), EIPNN_MAKE_MODELS,
EIPNN_EVALUATE (test programs), EIPNN_PRELOAD (shared library of a sanitizer, if any),
EIPNN_SHORT_MEMORY (short_memory.so, where the tests of eipnn/kk run)."""
import functools
import math
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

PRESSURES = ("pxx", "pyy", "pzz", "pxy", "pxz", "pyz")
NUMBER = {"Si": 14, "Ge": 32}
MASS = {"Si": 28.085, "Ge": 72.63, "Ar": 39.95}
BASIS = [(0, 0, 0), (0, .5, .5), (.5, 0, .5), (.5, .5, 0),
         (.25, .25, .25), (.25, .75, .75), (.75, .25, .75), (.75, .75, .25)]


class Crystal:
    """Distorted diamond lattice; cell rows a=(x,0,0), b=(xy,y,0), c=(xz,yz,z)."""

    def __init__(self, repeat=(2, 2, 2), a=5.43, rattle=0.15, types=1, tilt=(0, 0, 0), vacuum=0.0,
                 basis=BASIS, seed=7):
        rng = random.Random(seed)
        nx, ny, nz = repeat
        self.cell = [[a * nx, 0, 0], [tilt[0], a * ny, 0], [tilt[1], tilt[2], a * nz + vacuum]]
        self.types, self.atoms = types, []
        for x in range(nx):
            for y in range(ny):
                for z in range(nz):
                    for k, site in enumerate(basis):
                        r = [(s + o) * a for s, o in zip(site, (x, y, z))]
                        r[0] += tilt[0] * r[1] / (a * ny) + tilt[1] * r[2] / (a * nz)
                        r[1] += tilt[2] * r[2] / (a * nz)
                        r = [c + rng.uniform(-rattle, rattle) + 0.3 for c in r]
                        self.atoms.append((1 + k % types, r))

    def write(self, path, masses):
        c = self.cell
        with open(path, "w") as f:
            f.write("crystal\n\n%d atoms\n%d atom types\n" % (len(self.atoms), len(masses)))
            for k, axis in enumerate("xyz"):
                f.write("0 %.17g %slo %shi\n" % (c[k][k], axis, axis))
            if any((c[1][0], c[2][0], c[2][1])):
                f.write("%.17g %.17g %.17g xy xz yz\n" % (c[1][0], c[2][0], c[2][1]))
            f.write("\nMasses\n\n")
            for k, m in enumerate(masses):
                f.write("%d %g\n" % (k + 1, m))
            f.write("\nAtoms # atomic\n\n")
            for k, (t, r) in enumerate(self.atoms):
                f.write("%d %d %.17g %.17g %.17g\n" % (k + 1, t, *r))


class Result:
    """Values printed by the run, its dump frames, and all it said."""

    def __init__(self, values, frames, text):
        self.values, self.frames, self.text = values, frames, text

    def __getitem__(self, name):
        return self.values[name]

    def columns(self, *names, frame=-1):
        """Rows of the last dump frame in order of atom id, only these columns."""
        return [[row[n] for n in names] for row in self.frames[frame]]

    @property
    def forces(self):
        return self.columns("fx", "fy", "fz")


def read_dump(path):
    frames = []
    with open(path) as f:
        lines = f.read().split("\n")
    at = 0
    while at < len(lines) - 1:
        count = int(lines[at + 3])
        names = lines[at + 8].split()[2:]
        rows = [dict(zip(names, map(float, line.split()))) for line in lines[at + 9:at + 9 + count]]
        frames.append(sorted(rows, key=lambda row: row["id"]))
        at += 9 + count
    return frames


class LammpsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="eipnn-lammps-")
        subprocess.run([os.environ["EIPNN_MAKE_MODELS"], cls.folder], check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @staticmethod
    @functools.lru_cache(maxsize=None)
    def about_lammps():
        """Version and packages."""
        return subprocess.run([os.environ["EIPNN_LMP"], "-h"], text=True,
                              stdout=subprocess.PIPE).stdout

    def lammps_year(self):
        return int(re.search(r"Simulator - \d+ \w+ (\d{4})", self.about_lammps()).group(1))

    def lammps(self, script, ranks=1, newton="on", units="metal", crystal=None, elements=("Si",),
               pair=None, plugin=True, fails=False, setup="", dump="", measure=True, switches=(),
               free_kb=None):
        """Runs LAMMPS on the crystal; script follows the pair style. Unless told not to, ends with
        the energies, pressures and a dump of the last state. switches: of the command line.
        free_kb: kilobytes of memory that eipnn/kk finds free on the host."""
        lines = ["units " + units, "atom_style atomic", "newton " + newton]
        if plugin and self.lammps_year() < 2022 and "PLUGIN" in self.about_lammps():
            lines.insert(0, "plugin load " + os.environ["EIPNN_PLUGIN"])    # not by itself
        if crystal:
            crystal.write(os.path.join(self.folder, "crystal.data"), [MASS[e] for e in elements])
            lines += [setup, "read_data crystal.data"]
        if pair is None:
            pair = "pair_style eipnn precision double\npair_coeff * * si.h5 " + " ".join(elements)
        lines += [pair, "neigh_modify delay 0", "thermo_modify norm no", script]
        if measure:
            lines += ["compute virial all pressure NULL virial",
                      "thermo_style custom step pe c_virial[*]",
                      "dump last all custom 1 last.dump id type x y z fx fy fz " + dump,
                      "dump_modify last format float %.17g", "run 0 post no", "undump last"]
            lines += ["print 'VALUE %s $(%s:%%.17g)'" % (n, n) for n in ("pe", "vol", "atoms")]
            lines += ["print 'VALUE %s $(c_virial[%d]:%%.17g)'" % (n, k + 1)
                      for k, n in enumerate(PRESSURES)]
        with open(os.path.join(self.folder, "in.test"), "w") as f:
            f.write("\n".join(lines) + "\n")
        return self.execute(ranks, plugin, fails, switches, free_kb)

    def execute(self, ranks, plugin, fails, switches, free_kb):
        environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1",
                           OMP_PROC_BIND="false")
        environment.pop("LAMMPS_PLUGIN_PATH", None)
        if plugin:
            environment["LAMMPS_PLUGIN_PATH"] = os.path.dirname(os.environ["EIPNN_PLUGIN"])
        if os.environ.get("EIPNN_PRELOAD"):    # run time of a sanitizer; LAMMPS itself leaks
            environment.update(LD_PRELOAD=os.environ["EIPNN_PRELOAD"],
                               ASAN_OPTIONS="detect_leaks=0")
        if free_kb is not None:
            environment.update(LD_PRELOAD=os.environ["EIPNN_SHORT_MEMORY"],
                               EIPNN_TEST_FREE_KB=str(int(free_kb)))
        last = os.path.join(self.folder, "last.dump")
        if os.path.exists(last):
            os.remove(last)
        command = [os.environ["EIPNN_LMP"], "-in", "in.test", "-log", "none", "-nocite", *switches]
        if ranks > 1:
            command = os.environ["EIPNN_MPIEXEC"].split() + ["-n", str(ranks)] + command
        done = subprocess.run(command, cwd=self.folder, env=environment, text=True, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if fails:
            self.assertNotEqual(done.returncode, 0, "should have failed:\n" + done.stdout)
            return Result({}, [], done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        words = [l.split() for l in done.stdout.splitlines() if l.startswith("VALUE ")]
        values = {w[1]: float(w[2]) for w in words}
        return Result(values, read_dump(last) if os.path.exists(last) else [], done.stdout)

    def library(self, result, cell, elements=("Si",), model="si.h5", pbc=(1, 1, 1), table=True):
        """Energy, virial and forces (by id) of the library on the last dump's positions; atoms of
        element None are left out."""
        rows = [row for row in result.frames[-1] if elements[int(row["type"]) - 1]]
        with open(os.path.join(self.folder, "configuration"), "w") as f:
            f.write("%d\n" % len(rows))
            for vector in cell:
                f.write("%.17g %.17g %.17g\n" % tuple(vector))
            f.write("%d %d %d\n" % tuple(pbc))
            for row in rows:
                number = NUMBER[elements[int(row["type"]) - 1]]
                f.write("%d %.17g %.17g %.17g\n" % (number, row["x"], row["y"], row["z"]))
        out = subprocess.run([os.environ["EIPNN_EVALUATE"], model, "configuration",
                              "table" if table else "exact"],
                             cwd=self.folder, check=True, text=True, stdout=subprocess.PIPE)
        lines = [list(map(float, l.split())) for l in out.stdout.splitlines()]
        return lines[0][0], lines[1], lines[2:]

    def assert_rows(self, found, expected, tolerance):
        self.assertEqual(len(found), len(expected))
        worst = max((abs(a - b) for p, q in zip(found, expected) for a, b in zip(p, q)), default=0)
        self.assertTrue(worst <= tolerance, "largest difference %g > %g" % (worst, tolerance))

    def assert_same(self, one, other, relative=1e-9):
        """Energy, pressure and every dumped column of two runs agree; vectors and tensors relative to
        their largest component."""
        scale = max(abs(one[p]) for p in ("pxx", "pyy", "pzz")) or 1.0
        self.assertTrue(math.isclose(one["pe"], other["pe"], rel_tol=relative))
        for p in PRESSURES:
            self.assertTrue(abs(one[p] - other[p]) <= relative * scale, p)
        kinds = {n: n.split("[")[0] if n.startswith("c_") else n for n in one.frames[-1][0]}
        kinds.update(fx="f", fy="f", fz="f")
        for name, kind in kinds.items():
            columns = [n for n in kinds if kinds[n] == kind]
            largest = max(abs(v) for row in one.columns(*columns) for v in row)
            self.assert_rows(other.columns(name), one.columns(name), relative * max(1e-3, largest))

    def assert_library(self, result, cell, **options):
        """The run agrees with the library (metal units): energy, forces, virial."""
        energy, virial, forces = self.library(result, cell, **options)
        self.assertTrue(math.isclose(result["pe"], energy, rel_tol=1e-10), (result["pe"], energy))
        self.assert_rows(result.forces, forces, 1e-6)
        found = [result[p] * result["vol"] / 1.6021765e6 for p in PRESSURES]
        self.assert_rows([found], [virial], 1e-6 * (1.0 + max(map(abs, virial))))
        self.assertGreater(max(abs(v) for f in forces for v in f), 0.05)
