#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels for `eipnn train --labels` out of what `eipnn select --csv` wrote.

    python3 labels.py SELECTION.csv OUT.csv low|medium|high|dft|true-best

low, medium, high: the chosen labels of one third by confidence (the paper's Table 5). dft: the
hidden DFT energy of the same configurations; true-best: the energy of the EIP that is truly
best there (Figure 3a).
"""

import csv
import os
import sys

THIRDS = {"low": (0.0, 0.33), "medium": (0.33, 0.66), "high": (0.66, 1.0)}


def pick(rows, source):
    chosen = [row for row in rows if row["label"]]
    if source in THIRDS:
        chosen.sort(key=lambda row: float(row["probability"]))
        low, high = (round(share * len(chosen)) for share in THIRDS[source])
        return [(row["index"], row["label"]) for row in chosen[low:high]]
    column = {"dft": "dft", "true-best": "best"}[source]
    return [(row["index"], row[column]) for row in chosen if row[column]]


def main():
    if len(sys.argv) != 4 or sys.argv[3] not in (*THIRDS, "dft", "true-best"):
        sys.exit(__doc__)
    selection, out, source = sys.argv[1:]
    with open(selection, encoding="utf-8", newline="") as file:
        labels = pick(list(csv.DictReader(file)), source)
    if not labels:
        sys.exit(f"labels: {selection} has no label for '{source}'")
    with open(out + ".part", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["index", "label"])
        writer.writerows(labels)
    os.replace(out + ".part", out)


if __name__ == "__main__":
    main()
