# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of a study, as reStructuredText, out of the files its stages left."""

import json
import os
import statistics

from methods import METHODS
from pictures import draw_pictures


class Results:
    """Reads results of finished stages; what is missing is None."""

    def __init__(self, settings, run):
        self.settings, self.run = settings, run
        self.splits, self.counts = settings["splits"], settings["labels"]

    def read(self, name):
        try:
            with open(self.run.path(name), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def errors(self, method, count, splits=None):
        """(eV/configuration, eV/atom) of each split that is there."""
        found = [self.read(f"{method}-n{count}-s{split}.json") for split in splits or self.splits]
        return [(entry["config_mae"], entry["atom_mae"]) for entry in found if entry]

    def reference_errors(self, kind, count):
        """The same of a row without network: best EIP, calibrated EIP, regression."""
        found = [self.read(f"none-n{count}-s{split}.json") for split in self.splits]
        rows = []
        for entry in found:
            if not entry:
                continue
            if kind == "best":
                entry = entry["eips"][entry["best_eip"]]
            else:
                entry = entry.get(kind)
            if entry:
                rows.append((entry["config_mae"], entry["atom_mae"]))
        return rows


def grid(header, rows):
    """A simple table of reStructuredText."""
    widths = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    rule = "  ".join("=" * width for width in widths)

    def line(cells):
        return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip()
    return "\n".join([rule, line(header), rule, *map(line, rows), rule, ""])


def spread(values, scale=1.0, digits=3):
    """Mean and standard deviation, as text."""
    if not values:
        return "-"
    mean = scale * statistics.mean(values)
    if len(values) < 2:
        return f"{mean:.{digits}f}"
    return f"{mean:.{digits}f} ({scale * statistics.stdev(values):.{digits}f})"


def gain(errors, base):
    """Improvement of the mean over the network on DFT alone, per cent, and in brackets the range
    of that of single splits."""
    if not errors or len(errors) != len(base):
        return "-"
    percent = [round(100 * (1 - error[0] / other[0])) for error, other in zip(errors, base)]
    mean = 1 - statistics.mean(e[0] for e in errors) / statistics.mean(b[0] for b in base)
    text = f"{round(100 * mean)} %"
    return f"{text} ({min(percent)} to {max(percent)})" if len(percent) > 1 else text


def cells(errors, base=None):
    found = [spread([e[0] for e in errors]), spread([e[1] for e in errors], 1000, 1)]
    return found + [gain(errors, base) if base is not None else ""]


def table_1(results):
    parts = ["Table 1: errors on the test sets\n" + "-" * 32 + "\n",
             "Mean and, in brackets, standard deviation over the splits; improvement of the error per "
             "configuration\nover the network on DFT alone, with the range of single splits.\n"]
    for count in results.counts:
        base = results.errors("none", count)
        rows = [[title, *cells(results.reference_errors(kind, count))] for kind, title in
                (("best", "best EIP"), ("calibrated", "best calibrated EIP"),
                 ("regression", "regression on all EIPs"))]
        for name in results.settings["table_1"]:
            errors = results.errors(name, count)
            rows.append([METHODS[name].title, *cells(errors, None if name == "none" else base)])
        parts.append(f"{count} DFT labels:\n")
        parts.append(grid(["method", "eV/configuration", "meV/atom", "improvement"], rows))
    return "\n".join(parts)


def comparison(results, title, names, splits=None):
    """Rows of several methods at the number of labels of the comparisons; "" where there is none
    beyond those of Table 1."""
    count = results.settings["study_labels"]
    found = {name: results.errors(name, count, splits) for name in names}
    if not any(errors for name, errors in found.items() if name not in results.settings["table_1"]):
        return ""
    rows = [[METHODS[name].title, *cells(errors, None if name == "none" else found["none"])]
            for name, errors in found.items() if errors]
    heading = f"{title} ({count} DFT labels)"
    return "\n".join([heading, "-" * len(heading), "",
                      grid(["method", "eV/configuration", "meV/atom", "improvement"], rows)])


def table_5(results):
    count = results.settings["study_labels"]
    splits = results.settings.get("diagnostics", [])
    base = results.errors("none", count, splits)
    titles = {"la": "chosen labels, all", "la-low": "low confidence",
              "la-medium": "medium confidence", "la-high": "high confidence",
              "la-true-best": "truly best EIP (needs the hidden DFT)",
              "la-dft": "DFT itself (needs the hidden DFT)"}
    rows = [[title, *cells(results.errors(name, count, splits), base)]
            for name, title in titles.items() if results.errors(name, count, splits)]
    if not rows:
        return ""
    heading = f"Table 5 and Figure 3a: what the labels of the pool teach ({count} DFT labels)"
    return "\n".join([heading, "-" * len(heading), "",
                      grid(["labels", "eV/configuration", "meV/atom", "improvement"], rows)])


def table_6(results):
    """Means over the splits of what `eipnn select` reports for the pool; errors in meV/atom."""
    columns = [("selected", "pool", 1, 0), ("labelled", "chosen", 1, 0),
               ("configurations", "with hidden DFT", 1, 0), ("outliers_0.1", "off by > 0.1", 1, 0),
               ("outliers_0.2", "> 0.2", 1, 0), ("outliers_0.3", "> 0.3 eV/atom", 1, 0),
               ("accuracy", "right, %", 100, 0), ("majority", "commonest class, %", 100, 0),
               ("label_mae", "label MAE", 1000, 0), ("best_mae", "of the best EIP", 1000, 0)]
    rows = []
    for kind in ("la", "la-calibrated"):
        found = [results.read(f"select-{kind}-s{split}.json")
                 for split in results.settings.get("diagnostics", [])]
        found = [entry for entry in found if entry]
        if found:
            rows.append([METHODS[kind].title] +
                        [spread([entry[key] for entry in found], scale, digits)
                         for key, _, scale, digits in columns])
    if not rows:
        return ""
    heading = f"Table 6: the classifier on the pool ({results.settings['study_labels']} DFT labels)"
    return "\n".join([heading, "-" * len(heading), "",
                      grid(["method", *(title for _, title, _, _ in columns)], rows)])


def times(run):
    """Seconds per kind of stage."""
    total = {}
    for name in run.stages:
        record = run.record(name)
        if record:
            kind = run.stages[name].command
            word = next((word for word in kind if word in (
                "convert", "dedupe", "label", "split", "pretrain", "train", "test", "select",
                "features", "perturb")), "other")
            total.setdefault(word, []).append(record["seconds"])
    rows = [[word, str(len(values)), f"{sum(values):.0f}"] for word, values in total.items()]
    heading = "Time"
    return "\n".join([heading, "-" * len(heading), "",
                      grid(["command", "runs", "seconds in all"], rows)])


def write_report(settings, run):
    results = Results(settings, run)
    rest = [name for name in settings.get("options", []) if not name.startswith("la-")]
    parts = [table_1(results),
             comparison(results, "Table 4: loss of the chosen labels",
                        ["none", "la", "la-squared", "la-released"]),
             table_5(results), table_6(results),
             comparison(results, "Table 7: subsets of the EIPs",
                        ["none", "la", "mp", *settings.get("table_7", [])],
                        settings.get("table_7_splits")),
             comparison(results, "Beyond the paper",
                        ["none", "mp", "mp-la", "mp-la-calibrated", *rest]),
             comparison(results, "More EIPs", ["none", "mp", "mp-collection"],
                        settings.get("collection_splits", [])),
             times(run)]
    path = run.path("report.rst")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(part for part in parts if part))
    print(f"paper: tables in {os.path.relpath(path)}", flush=True)
    draw_pictures(results)
