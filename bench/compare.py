#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs both programs in turns on one core and prints their ratios; see bench/run.sh. The best round
of each counts: other work on the machine only ever slows down.

    python3 bench/compare.py PYTHON_WITH_SCHNETPACK ROUNDS
"""

import os
import re
import subprocess
import sys
import tempfile

HELD = re.compile(r"Per MPI rank memory allocation \(min/avg/max\) = (\S+)")
LOOP = re.compile(r"Loop time of (\S+) on \d+ procs for (\d+) steps with (\d+) atoms")
CORE = str(min(os.sched_getaffinity(0)))
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
               "MKL_NUM_THREADS": "1", "LAMMPS_PLUGIN_PATH": "build/src/USER-EIPNN"}


def run(command):
    """Standard output of a command on one core, and its peak memory in bytes."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(["taskset", "-c", CORE, *command], stdout=output,
                                   env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} failed\n{text}")
    return text, 1024 * usage.ru_maxrss


def lammps(model, repeat, steps, precision):
    """Atom-steps per second, peak memory of the process and memory LAMMPS and the pair style say
    they hold, in bytes, of `steps` steps of 8 repeat^3 atoms."""
    text, memory = run([".venv/bin/lmp", "-in", "bench/in.silicon", "-log", "none",
                        "-var", "model", model, "-var", "repeat", str(repeat),
                        "-var", "steps", str(steps), "-var", "precision", precision])
    match = LOOP.search(text)
    held = float(HELD.search(text)[1]) * 2**20
    return int(match[2]) * int(match[3]) / float(match[1]), memory, held


def report(title, unit, ours, theirs):
    mine, peer = max(ours), max(theirs)
    print(f"{title}\n  eipnn       {mine:12,.0f} {unit}   (rounds: "
          f"{', '.join(f'{value:,.0f}' for value in ours)})\n  schnetpack  {peer:12,.0f} {unit}"
          f"   (rounds: {', '.join(f'{value:,.0f}' for value in theirs)})\n"
          f"  ratio       {mine / peer:12.1f}")


def memory(model):
    """The peak of a small run is that of loading (tables in double): the first column hides up to
    that much, the second does not."""
    print("Memory of the MD run per atom, mixed precision, beyond an 8-atom run: peak of the process; "
          "held by LAMMPS and eipnn")
    _, base, base_held = lammps(model, 1, 2, "mixed")
    for repeat in (5, 10, 20):
        _, peak, held = lammps(model, repeat, 2, "mixed")
        atoms = 8 * repeat**3
        print(f"  {atoms:6d} atoms {(peak - base) / atoms / 1000:8.1f} kB "
              f"{(held - base_held) / atoms / 1000:8.1f} kB per atom")


def neighbors(python):
    ours = {int(line.split()[0]): float(line.split()[2])
            for line in run(["build/bench/bench_neighbor"])[0].splitlines()}
    print("Neighbour lists of Si, cutoff 5 Angstrom, million pairs/s of CPU time")
    for line in run([python, "bench/ase_neighbor.py"])[0].splitlines():
        library, atoms, rate = line.split()
        mine = ours[int(atoms)]
        print(f"  {atoms:>6} atoms  eipnn {mine / 1e6:7.2f}   {library:10} {float(rate) / 1e6:7.3f}   "
              f"ratio {mine / float(rate):6.1f}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    python, rounds = sys.argv[1], int(sys.argv[2])
    figures = {name: [] for name in ("single", "mixed", "training", "peer md", "peer training")}
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model.h5")
        run(["build/bench/bench_model", model])
        for _ in range(rounds):
            for precision in ("single", "mixed"):
                figures[precision].append(lammps(model, 5, 100, precision)[0])
            figures["peer md"].append(float(run([python, "bench/schnetpack_peer.py", "md"])[0]))
            figures["training"].append(float(run(["build/bench/bench_training"])[0]))
            figures["peer training"].append(
                float(run([python, "bench/schnetpack_peer.py", "training"])[0]))
        print("SchNet, hidden 128, 5 layers, 50 Gaussians, cutoff 5 Angstrom, one core")
        report("MD of 1,000 Si atoms, energy and forces, in LAMMPS, single precision",
               "atom-steps/s", figures["single"], figures["peer md"])
        report("the same, mixed precision", "atom-steps/s", figures["mixed"], figures["peer md"])
        report("Energy training, 32 configurations of 64 atoms per step", "configurations/s",
               figures["training"], figures["peer training"])
        memory(model)
    neighbors(python)
    print("Empirical potentials through the KIM API, 64-atom configurations, energies")
    print("".join(f"  {line}\n" for line in run(["build/bench/bench_eip"])[0].splitlines()), end="")


if __name__ == "__main__":
    main()
