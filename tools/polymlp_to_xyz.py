#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Silver-gold VASP runs of the pypolymlp source package to extended XYZ.

    python3 polymlp_to_xyz.py pypolymlp-0.22.1.tar.gz out.xyz

Energies are VASP's free energies (eV), consistent with the forces (eV/Angstrom); stresses, in
kbar there, become eV/Angstrom^3 with tension positive.
"""

import os
import sys
import tarfile
import xml.etree.ElementTree

EXPECTED = 2523
FOLDER = "pypolymlp-0.22.1/tests/test_mlp_dev_api/data-vasp-Ag-Au/vaspruns/"
STRESS_UNIT = -0.1 / 160.21766208  # kbar, compression positive


def rows(element):
    return [[float(word) for word in row.text.split()] for row in element.findall("v")]


def numbers(values, digits=8):
    return " ".join(f"{value:.{digits}f}" for value in values)


def frame(text, config_type):
    root = xml.etree.ElementTree.fromstring(text)
    calculation = root.find("calculation")
    energy = float(calculation.find("energy/i[@name='e_fr_energy']").text)
    forces = rows(calculation.find("varray[@name='forces']"))
    stress = rows(calculation.find("varray[@name='stress']"))
    lattice = rows(root.find(".//structure/crystal/varray[@name='basis']"))
    fractional = rows(root.find(".//structure/varray[@name='positions']"))
    symbols = [row.find("c").text.strip()
               for row in root.find(".//array[@name='atoms']/set").findall("rc")]
    if not len(fractional) == len(forces) == len(symbols):
        raise ValueError(f"{len(fractional)} positions, {len(forces)} forces, "
                         f"{len(symbols)} elements")
    flat = numbers(value for row in lattice for value in row)
    tension = numbers((STRESS_UNIT * value for row in stress for value in row), 10)
    lines = [str(len(symbols)),
             f'Lattice="{flat}" Properties=species:S:1:pos:R:3:forces:R:3 energy={energy:.8f} '
             f'stress="{tension}" config_type={config_type} pbc="T T T"']
    for symbol, place, force in zip(symbols, fractional, forces):
        position = [sum(place[k] * lattice[k][axis] for k in range(3)) for axis in range(3)]
        lines.append(f"{symbol} {numbers(position)} {numbers(force)}")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    archive, out = sys.argv[1:]
    frames = {}
    with tarfile.open(archive) as package:
        for member in package:
            if member.isfile() and member.name.startswith(FOLDER):
                config_type = member.name[len(FOLDER):].split("/")[0]
                frames[member.name] = frame(package.extractfile(member).read(), config_type)
    if len(frames) != EXPECTED:
        sys.exit(f"polymlp_to_xyz: {len(frames)} runs in {archive}, expected {EXPECTED}")
    with open(out + ".part", "w", encoding="ascii") as file:
        file.writelines(frames[name] for name in sorted(frames))
    os.replace(out + ".part", out)
    print(f"get-data: {len(frames)} configurations written to {out}")


if __name__ == "__main__":
    main()
