# SPDX-License-Identifier: GPL-2.0-or-later
"""The driver of examples/paper: stages in order, stopped and continued; labels; tables."""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "examples", "paper"))

import labels  # noqa: E402
import report  # noqa: E402
import run as driver  # noqa: E402
from methods import METHODS  # noqa: E402
from stages import Run, Stage  # noqa: E402
from study import Study  # noqa: E402

APPEND = "import sys; open('order', 'a').write(' '.join(sys.argv[1:]) + '\\n')"


def quiet(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return function(*arguments)


class Settings(unittest.TestCase):
    def test_named_materials_and_files(self):
        known = driver.settings_file("si")
        self.assertEqual(driver.settings_of(known, 1)["splits"], [1])
        self.assertEqual(driver.settings_file(known), known)
        for unknown in ("fe", "missing.json", "run.py"):
            with self.assertRaises(driver.argparse.ArgumentTypeError):
                driver.settings_file(unknown)


class Stages(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_with(self, *stages):
        run = Run(self.folder.name, 2)
        for stage in stages:
            run.add(stage)
        return run

    def order(self):
        with open(os.path.join(self.folder.name, "order"), encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def note(self, name, *after, fail=False):
        words = [sys.executable, "-c", APPEND + ("; sys.exit(1)" if fail else ""), name]
        return Stage(name, words, after=list(after), resume=("--resume",))

    def test_order_and_nothing_twice(self):
        stages = [self.note("a"), self.note("b", "a"), self.note("c", "a", "b")]
        quiet(self.run_with(*stages).execute)
        quiet(self.run_with(*stages).execute)
        self.assertEqual(self.order(), ["a", "b", "c"])

    def test_failed_stage_is_resumed(self):
        with self.assertRaises(SystemExit):
            quiet(self.run_with(self.note("a"), self.note("b", "a", fail=True)).execute)
        with self.assertRaises(SystemExit):
            quiet(self.run_with(self.note("a"), self.note("b", "a", fail=True)).execute)
        self.assertEqual(self.order(), ["a", "b", "b --resume"])

    def test_what_waits_for_another_command_runs_again(self):
        quiet(self.run_with(self.note("a"), self.note("b", "a")).execute)
        other = Stage("a", [sys.executable, "-c", APPEND, "other"])
        quiet(self.run_with(other, self.note("b", "a")).execute)
        self.assertEqual(self.order(), ["a", "b", "other", "b"])

    def test_other_command_starts_anew(self):
        quiet(self.run_with(self.note("a")).execute)
        other = Stage("a", [sys.executable, "-c", APPEND, "other"], resume=("--resume",))
        quiet(self.run_with(other).execute)
        self.assertEqual(self.order(), ["a", "other"])


class Labels(unittest.TestCase):
    rows = [{"index": str(k), "label": f"{-k}", "probability": f"{0.1 * k}", "dft": f"{-k - 0.5}",
             "best": f"{-k - 0.25}"} for k in range(9)]
    rows.append({"index": "9", "label": "", "probability": "0.9", "dft": "-1", "best": "-1"})

    def test_thirds(self):
        self.assertEqual([k for k, _ in labels.pick(self.rows, "low")], ["0", "1", "2"])
        self.assertEqual([k for k, _ in labels.pick(self.rows, "high")], ["6", "7", "8"])

    def test_other_sources(self):
        self.assertEqual(labels.pick(self.rows, "dft")[3], ("3", "-3.5"))
        self.assertEqual(labels.pick(self.rows, "true-best")[3], ("3", "-3.25"))


class Tables(unittest.TestCase):
    def test_spread_and_gain(self):
        self.assertEqual(report.spread([1.0, 3.0]), "2.000 (1.414)")
        self.assertEqual(report.gain([(0.8, 0), (0.9, 0)], [(1.0, 0), (0.7, 0)]),
                         "0 % (-29 to 20)")
        self.assertEqual(report.gain([], [(1.0, 0)]), "-")

    def test_grid(self):
        self.assertEqual(report.grid(["a", "b"], [["long", "1"]]),
                         "====  =\na     b\n====  =\nlong  1\n====  =\n")


class Settings(unittest.TestCase):
    """Every study can be laid out, and every stage has what it waits for."""

    def test_all_materials(self):
        for material in ("si", "al", "agau"):
            with open(os.path.join(ROOT, "examples", "paper", material + ".json"),
                      encoding="utf-8") as file:
                settings = json.load(file)
            with tempfile.TemporaryDirectory() as folder:
                for name in settings["data"]:
                    with open(os.path.join(folder, name), "w", encoding="utf-8"):
                        pass
                run = Run(os.path.join(folder, "work"), 1)
                programs = {"eipnn": "eipnn", "ranks": 1, "root": ROOT}
                Study(settings, run, programs, folder).add_all()
                rows = [name for name in settings["table_1"] + settings["options"]]
                self.assertTrue(set(rows) <= set(METHODS))
                tests = [name for name in run.stages if name.startswith("test-")]
                self.assertGreaterEqual(len(tests), len(settings["labels"]) *
                                        len(settings["splits"]) * len(settings["table_1"]))
                quiet(report.write_report, settings, run)  # of nothing yet


if __name__ == "__main__":
    unittest.main()
