# SPDX-License-Identifier: GPL-2.0-or-later
"""Neighbour lists of ASE, and of matscipy where it is installed, for the crystals of
bench_neighbor.c: library, atoms, pairs/s of CPU time, one line per size. Both list a pair in its two
directions; here it counts once, as in eipnn."""

import time

from ase.build import bulk
from ase.neighborlist import primitive_neighbor_list

try:
    from matscipy.neighbours import neighbour_list
except ImportError:
    neighbour_list = None

CUTOFF, LEAST_SECONDS = 5.0, 0.5


def rate(search):
    """Pairs/s of a function that returns the first atoms of all directed pairs."""
    pairs, count, start = len(search()) // 2, 0, time.process_time()
    while time.process_time() - start < LEAST_SECONDS or count < 2:
        search()
        count += 1
    return pairs * count / (time.process_time() - start)


def main():
    for repeat in (1, 2, 5, 10):
        atoms = bulk("Si", "diamond", a=5.43, cubic=True).repeat(repeat)
        atoms.rattle(0.03, seed=1)
        figure = rate(lambda: primitive_neighbor_list(
            "ijD", atoms.pbc, atoms.cell.array, atoms.positions, CUTOFF)[0])
        print(f"ase {len(atoms)} {figure:.6g}")
        if neighbour_list:
            figure = rate(lambda: neighbour_list("ijD", atoms, CUTOFF)[0])
            print(f"matscipy {len(atoms)} {figure:.6g}")


if __name__ == "__main__":
    main()
