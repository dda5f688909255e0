#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Time of labelling a data set with EIPs and of 100 epochs of multi-task pretraining on it, SchNet
with the defaults, on 2 MPI ranks; what a step costs and where its time goes.

    tools/build.sh -D EIPNN_BENCH=ON
    python3 bench/pretraining.py DATA.xyz.gz [...] [--whole] [--peer PYTHON] [--against BUILD]

By default the 100 epochs are extrapolated from --epochs measured ones, beyond a first; --whole runs
them all. Wall times depend on what else the machine does; the CPU time per step does not, and tells
what an idle machine would need. --peer: a Python with schnetpack, timed on the same configurations
on one core. --against: another build of eipnn, measured in turns with this one."""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

RANKS, EPOCHS, BATCH = 2, 100, 32
COST = re.compile(r"^CPU time per step and rank +(\S+) ms", re.M)
SLOWEST = re.compile(r"^slowest rank of each step +(\S+) ms", re.M)
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
               "MKL_NUM_THREADS": "1"}


def run(command):
    """Standard output of a command, its wall time and the CPU time of all its processes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                            env=ENVIRONMENT, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} failed\n{result.stdout}{result.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result.stdout, wall, cpu


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", help="extended XYZ")
    parser.add_argument("--eips", default="potentials/eips/si.json", help="[%(default)s]")
    parser.add_argument("--build", default="build", help="[%(default)s]")
    parser.add_argument("--mpiexec", default=".venv/bin/mpiexec", help="[%(default)s]")
    parser.add_argument("--epochs", type=int, default=3, help="measured [%(default)s]")
    parser.add_argument("--steps", type=int, default=200, help="of the profile [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="the best counts [%(default)s]")
    parser.add_argument("--whole", action="store_true", help="run all epochs")
    parser.add_argument("--peer", metavar="PYTHON", help="with schnetpack")
    parser.add_argument("--against", metavar="BUILD", help="another build of eipnn")
    return parser.parse_args()


def kim_list(path, folder):
    """An EIP list without those that need another program to run."""
    with open(path, encoding="utf-8") as file:
        eips = [entry for entry in json.load(file) if entry["provider"] == "kim"]
    reduced = os.path.join(folder, "eips.json")
    with open(reduced, "w", encoding="utf-8") as file:
        json.dump(eips, file)
    print(f"{len(eips)} EIPs of {path}: {', '.join(entry['name'] for entry in eips)}")
    return reduced


def label(options, folder):
    """A labelled data set, and what labelling took."""
    data = os.path.join(folder, "data.h5")
    eipnn = os.path.join(options.build, "bin/eipnn")
    text, wall, _ = run([eipnn, "convert", *options.data, data])
    print(f"{text.splitlines()[-1].split(': ')[1]}, converted in {wall:.1f} s")
    _, wall, cpu = run([options.mpiexec, "-n", RANKS, eipnn, "label", data, "--eips", options.eips])
    print(f"labels of all EIPs, {RANKS} ranks: {wall:.1f} s wall, {cpu:.1f} s CPU")
    return data


def pretrain(options, data, folder, steps, every):
    return run([options.mpiexec, "-n", RANKS, os.path.join(options.build, "bin/eipnn"), "pretrain",
                data, "--eips", options.eips, "--out", os.path.join(folder, "pre.h5"), "--steps",
                steps, "--validate-every", every])


def whole_run(options, data, folder):
    """Pretraining as users run it: MPI, validation and checkpoints included."""
    text, _, _ = pretrain(options, data, folder, 1, 1)
    per_epoch = int(re.search(r"(\d+) training configurations", text)[1]) // BATCH
    if options.whole:
        text, wall, cpu = pretrain(options, data, folder, EPOCHS * per_epoch, per_epoch)
        print(text.splitlines()[-1])
        how = "measured"
    else:
        _, first, first_cpu = pretrain(options, data, folder, per_epoch, per_epoch)
        _, last, last_cpu = pretrain(options, data, folder, (1 + options.epochs) * per_epoch,
                                     per_epoch)
        more = (EPOCHS - 1) / options.epochs
        wall = first + (last - first) * more
        cpu = first_cpu + (last_cpu - first_cpu) * more
        how = f"extrapolated from {options.epochs + 1} epochs"
    print(f"{EPOCHS} epochs of {per_epoch} steps, {RANKS} MPI ranks: {wall:.0f} s wall, {cpu:.0f} s "
          f"CPU (waiting included), {how}; load of the machine {os.getloadavg()[0]:.1f}")
    return EPOCHS * per_epoch


def step_cost(options, build, data):
    text, _, _ = run([os.path.join(build, "bench/bench_pretraining"), data, options.eips,
                      options.steps, RANKS])
    return float(COST.search(text)[1]), float(SLOWEST.search(text)[1]), text


def main():
    options = arguments()
    figures = {"this build": [], "other build": [], "peer": []}
    with tempfile.TemporaryDirectory() as folder:
        options.eips = kim_list(options.eips, folder)
        data = label(options, folder)
        total = whole_run(options, data, folder)
        for _ in range(options.rounds):
            figures["this build"].append(step_cost(options, options.build, data))
            if options.against:
                figures["other build"].append(step_cost(options, options.against, data))
            if options.peer:
                text, _, _ = run([options.peer, "bench/schnetpack_peer.py", "pretraining",
                                  *options.data])
                figures["peer"].append(1e3 * float(text))
    cpu, slowest, text = min(figures["this build"])
    print(f"{text}an idle machine: {total * slowest / 1e3:.0f} s for the steps of {EPOCHS} epochs")
    if options.against:
        other = min(figures["other build"])
        print(f"against {options.against}: CPU time {other[0]:.2f} ms, ratio {other[0] / cpu:.2f}; "
              f"slowest rank {other[1]:.2f} ms, ratio {other[1] / slowest:.2f}")
    if options.peer:
        peer = min(figures["peer"])
        print(f"schnetpack, CPU time of a step of {BATCH} on one core: {peer:.1f} ms; eipnn, ranks "
              f"added up: {RANKS * cpu:.1f} ms; ratio {peer / (RANKS * cpu):.1f}")


if __name__ == "__main__":
    main()
