#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Speed and energy drift of the last run in a LAMMPS log (thermo: Step Time Temp TotEng).

    python3 md_summary.py log.lammps
"""

import re
import sys

LOOP = re.compile(r"Loop time of (\S+) on (\d+) procs for (\d+) steps with (\d+) atoms")


def last_run(path):
    """Columns of the last thermo table and the line that closes it."""
    table, columns, names, loop = [], {}, [], None
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            words = line.split()
            if words[:1] == ["Step"]:
                names, table = words, []
            elif match := LOOP.match(line):
                loop, columns, names = match, dict(zip(names, zip(*table))), []
            elif names and len(words) == len(names):
                table.append([float(word) for word in words])
    if loop is None:
        sys.exit(f"md_summary: {path} holds no finished run")
    return columns, loop


def slope(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return (sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    columns, loop = last_run(sys.argv[1])
    seconds, ranks, steps, atoms = float(loop[1]), *map(int, loop.groups()[1:])
    drift = slope(columns["Time"], columns["TotEng"]) / atoms * 10.0
    spread = (max(columns["TotEng"]) - min(columns["TotEng"])) / atoms
    temperature = sum(columns["Temp"]) / len(columns["Temp"])
    picoseconds = columns["Time"][-1] - columns["Time"][0]
    print(f"MD, {atoms} atoms, NVE for {picoseconds:g} ps at {temperature:.0f} K on {ranks} ranks: "
          f"{atoms * steps / seconds:,.0f} atom-steps/s, energy drift {drift:.1e} eV/atom per 10 ps "
          f"(below 1e-5 is good; the total energy stays within {spread:.1e} eV/atom)")


if __name__ == "__main__":
    main()
