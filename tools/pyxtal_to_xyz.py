#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Silicon crystals of the pyxtal-ff source package (JSON) to extended XYZ.

    python3 pyxtal_to_xyz.py pyxtal_ff-0.2.3.tar.gz out.xyz

Energies are total energies in eV, lattices in Angstrom, forces in eV/Angstrom; coordinates are
fractional. Configurations that are equal in every number are written once.
"""

import json
import os
import sys
import tarfile

EXPECTED = 6887
MEMBER = "pyxtal_ff-0.2.3/pyxtal_ff/datasets/Si/PyXtal/Si{}.json"


def numbers(values):
    return " ".join(f"{value:.8f}" for value in values)


def frame(entry, config_type):
    lattice = entry["lattice"]["data"]
    fractional, forces = entry["coords"]["data"], entry["force"]
    if len(fractional) != len(forces):
        raise ValueError(f"{len(fractional)} atoms but {len(forces)} forces")
    flat = [value for row in lattice for value in row]
    lines = [str(len(fractional)),
             f'Lattice="{numbers(flat)}" Properties=species:S:1:pos:R:3:forces:R:3 '
             f'energy={entry["energy"]:.8f} config_type={config_type} pbc="T T T"']
    for place, force in zip(fractional, forces):
        position = [sum(place[k] * lattice[k][axis] for k in range(3)) for axis in range(3)]
        lines.append(f"Si {numbers(position)} {numbers(force)}")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    archive, out = sys.argv[1:]
    seen, read = set(), 0
    with tarfile.open(archive) as package, open(out + ".part", "w", encoding="ascii") as file:
        for size in (4, 6, 8, 16):
            for entry in json.load(package.extractfile(MEMBER.format(size))):
                read += 1
                key = json.dumps([entry["coords"]["data"], entry["lattice"]["data"],
                                  entry["energy"]])
                if key not in seen:
                    seen.add(key)
                    file.write(frame(entry, f"pyxtal_{size}"))
    if read != EXPECTED:
        sys.exit(f"pyxtal_to_xyz: {read} configurations in {archive}, expected {EXPECTED}")
    os.replace(out + ".part", out)
    print(f"get-data: {read} configurations read, {read - len(seen)} exact duplicates dropped, "
          f"{len(seen)} written to {out}")


if __name__ == "__main__":
    main()
