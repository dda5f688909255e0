#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The study of Shui et al. (NeurIPS 2022) on open data: tables 1 and 4 to 7, figures 3, 4 and 6.

    python3 examples/paper/run.py si            silicon; also al, agau, or several
    python3 examples/paper/run.py my.json       settings of your own
    python3 examples/paper/run.py --help

Everything lies in the work folder (default paper/MATERIAL). A stopped run is started again by the
same command and goes on; stages that are done are kept. Tables and pictures are made at the end,
or of what is there with --report.
"""

import argparse
import json
import os
import shutil
import sys
import time

from stages import Run
from study import Study
from report import write_report

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MATERIALS = ("si", "al", "agau")


def settings_file(material):
    """The settings of a material known by name, or the file itself."""
    if material in MATERIALS:
        return os.path.join(HERE, material + ".json")
    if material.endswith(".json") and os.path.exists(material):
        return material
    raise argparse.ArgumentTypeError(f"no material {material}: give {', '.join(MATERIALS)}, or a "
                                     "settings file NAME.json like those of examples/paper")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("material", nargs="+", type=settings_file, metavar="MATERIAL",
                        help=f"{', '.join(MATERIALS)}, or a settings file NAME.json")
    parser.add_argument("--data", default=os.path.join(ROOT, "data"), help="folder of the DFT data")
    parser.add_argument("--work", default="paper", help="folder for all that is made")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="stages side by side")
    parser.add_argument("--ranks", type=int, default=1, help="MPI ranks of each stage")
    parser.add_argument("--splits", type=int, help="only the first so many splits")
    parser.add_argument("--report", action="store_true", help="run nothing, report what is there")
    return parser.parse_args()


def program():
    built = os.path.join(ROOT, "build", "bin", "eipnn")
    found = built if os.path.exists(built) else shutil.which("eipnn")
    if not found:
        sys.exit("paper: no eipnn; run tools/build.sh, or put it on PATH")
    return found


def settings_of(path, splits):
    with open(path, encoding="utf-8") as file:
        settings = json.load(file)
    if splits:
        settings["splits"] = settings["splits"][:splits]
        settings["diagnostics"] = [k for k in settings["diagnostics"] if k in settings["splits"]]
    return settings


def main():
    options = arguments()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # stages run side by side
        os.environ.setdefault(name, "1")
    os.environ["PATH"] = os.path.join(ROOT, ".venv", "bin") + os.pathsep + os.environ["PATH"]
    programs = {"eipnn": program(), "ranks": options.ranks, "root": ROOT}
    for path in options.material:
        settings = settings_of(path, options.splits)
        material = os.path.splitext(os.path.basename(path))[0]
        run = Run(os.path.join(options.work, material), options.jobs)
        Study(settings, run, programs, os.path.abspath(options.data)).add_all()
        if not options.report:
            print(f"paper: {settings['material']} in {run.folder}", flush=True)
            begun = time.time()
            run.execute()
            print(f"paper: {settings['material']} took {(time.time() - begun) / 60:.0f} min "
                  "in this call", flush=True)
        write_report(settings, run)


if __name__ == "__main__":
    main()
