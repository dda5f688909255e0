#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Table of the quick start out of `eipnn test --json`, pairs of files per split:

    python3 quickstart_table.py dft1.json mp1.json [dft2.json mp2.json ...]
"""

import json
import sys


def row(name, values):
    """values: (config MAE in eV, atom MAE in eV/atom) per split; the mean first."""
    columns = list(zip(*values))
    mean = [sum(column) / len(column) for column in columns]
    cells = [f"{config:8.3f} {1000 * atom:9.1f}" for config, atom in [mean, *values]]
    print(f"{name:32s}" + "  |".join(cells))
    return mean


def main():
    files = sys.argv[1:]
    if not files or len(files) % 2:
        sys.exit(__doc__)
    results = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            results.append(json.load(file))
    dft, mp = results[0::2], results[1::2]
    splits = len(dft)

    def errors(entries):
        return [(entry["config_mae"], entry["atom_mae"]) for entry in entries]

    names = sorted({entry["best_eip"] for entry in dft})
    print(f"Errors on the test sets ({dft[0]['configurations']} configurations each)")
    print(" " * 32 + "  |".join(f"{title:>18s}" for title in
                                ["mean", *(f"split {k + 1}" for k in range(splits))]))
    print(" " * 32 + "  |".join(["config      atom"] * (splits + 1)))
    print(" " * 32 + "  |".join(["    eV  meV/atom"] * (splits + 1)))
    row("best single EIP (" + ", ".join(names) + ")",
        errors([entry["eips"][entry["best_eip"]] for entry in dft]))
    alone = row("SchNet, DFT only", errors(dft))
    pretrained = row("SchNet, pretrained on EIPs (MP)", errors(mp))
    better = sum(b["config_mae"] < a["config_mae"] for a, b in zip(dft, mp))
    print(f"improvement by pretraining: {100 * (1 - pretrained[0] / alone[0]):.1f} % (config), "
          f"{100 * (1 - pretrained[1] / alone[1]):.1f} % (atom); better on {better} of {splits} "
          "splits\n(lower is better; another split or seed moves one figure by about 0.03 eV)")


if __name__ == "__main__":
    main()
