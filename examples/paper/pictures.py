# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of a study: maps of representations (Figures 4 and 6) and label diagnostics (Figure 3).

They need numpy, matplotlib and scikit-learn; without them the tables are made all the same.
"""

import csv
import os

MAP_POINTS = 2000  # t-SNE of more takes minutes and shows the same


def read_columns(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def numbers(texts):
    return [float(text) if text else float("nan") for text in texts]


def draw_map(results, pyplot):
    """t-SNE of the mean features: random weights, and pretrained; colour: DFT energy per atom."""
    import numpy
    from sklearn.manifold import TSNE
    split = results.splits[0]
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 4.2), constrained_layout=True)
    for axis, model, title in zip(axes, ("random", f"pre-all-s{split}"),
                                  ("random weights", "pretrained on the EIPs")):
        columns = read_columns(results.run.path(f"features-{model}.csv"))
        energy = numpy.array(numbers(columns["dft_per_atom"]))
        features = numpy.array([numbers(values) for name, values in columns.items()
                                if name.startswith("f") and name[1:].isdigit()]).T
        known = numpy.flatnonzero((energy <= results.settings["energy_max"]))
        chosen = numpy.random.default_rng(1).permutation(known)[:MAP_POINTS]
        place = TSNE(random_state=1, init="pca").fit_transform(features[chosen])
        points = axis.scatter(place[:, 0], place[:, 1], c=energy[chosen], s=4, cmap="viridis")
        axis.set_title(title)
        axis.set_xticks([])
        axis.set_yticks([])
    figure.colorbar(points, ax=axes, label="DFT energy (eV/atom)")
    return save(results, figure, "maps.png")


def draw_labels(results, pyplot):
    """Errors of the chosen labels, and sigma of the Tukey loss in the course of training."""
    split = results.settings["diagnostics"][0]
    count = results.settings["study_labels"]
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.6), constrained_layout=True)
    for kind, title in (("la", "EIPs as they are"), ("la-calibrated", "calibrated EIPs")):
        columns = read_columns(results.run.path(f"select-{kind}-s{split}.csv"))
        error = [abs(label - dft) / natoms for label, dft, natoms in
                 zip(numbers(columns["label"]), numbers(columns["dft"]), numbers(columns["natoms"]))
                 if label == label and dft == dft]
        axes[0].hist(error, bins=60, range=(0, 0.6), histtype="step", label=title)
        log = read_columns(results.run.path(f"{kind}-n{count}-s{split}.csv"))
        axes[1].plot(numbers(log["step"]), [100 * used for used in numbers(log["labels_used"])],
                     label=title)
        axes[2].plot(numbers(log["step"]), numbers(log["sigma"]), label=title)
    for axis, x, y in ((axes[0], "error of a chosen label (eV/atom)", "configurations"),
                       (axes[1], "step", "chosen labels with a gradient (%)"),
                       (axes[2], "step", "sigma of the Tukey loss (eV)")):
        axis.set_xlabel(x)
        axis.set_ylabel(y)
        axis.legend()
    return save(results, figure, "labels.png")


def save(results, figure, name):
    path = results.run.path(name)
    figure.savefig(path, dpi=80)
    return path


def draw_pictures(results):
    try:
        import matplotlib
        matplotlib.use("agg")
        from matplotlib import pyplot
        import sklearn.manifold  # noqa: F401
    except ImportError as error:
        print(f"paper: no pictures, {error.name} is not installed "
              "(pip install numpy matplotlib scikit-learn)")
        return
    for draw in (draw_map, draw_labels) if results.settings.get("diagnostics") else (draw_map,):
        try:
            print("paper: picture in " + os.path.relpath(draw(results, pyplot)), flush=True)
        except (OSError, KeyError) as error:
            print(f"paper: {draw.__name__} waits for {error}")
