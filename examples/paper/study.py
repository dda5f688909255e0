# SPDX-License-Identifier: GPL-2.0-or-later
"""The runs behind the tables and figures for one material, as stages.

Names: a run is METHOD-nN-sS, with N DFT labels (training and validation) on split S.
"""

import json
import os
import sys

from methods import METHODS, Method
from stages import Stage

HERE = os.path.dirname(os.path.abspath(__file__))
VALIDATION_SHARE = 0.2  # of the DFT labels, as in the paper


def flags(options):
    """{"steps": 3000} to ["--steps", "3000"]."""
    words = []
    for name, value in options.items():
        words += ["--" + name, str(value)]
    return words


class Study:
    """One material: its settings, and stages added to a Run."""

    def __init__(self, settings, run, programs, data):
        self.settings, self.run, self.data = settings, run, data
        self.eipnn, self.ranks = programs["eipnn"], programs["ranks"]
        self.root = programs["root"]
        self.window = flags({"energy-max": settings["energy_max"]})
        self.splits, self.counts = settings["splits"], settings["labels"]
        self.study_count = settings["study_labels"]

    def on_ranks(self, words):
        return ["mpiexec", "-n", str(self.ranks), *words] if self.ranks > 1 else words

    def call(self, name, command, *arguments, **rest):
        words = [self.eipnn, command, *arguments]
        if command in ("label", "pretrain", "train"):
            words = self.on_ranks(words)
        return self.run.add(Stage(name, words, **rest))

    def split_name(self, count, split):
        return f"n{count}s{split}"

    # Data

    def write_lists(self):
        """EIP lists of the whole set and of the subsets of Table 7, in the work folder."""
        with open(os.path.join(self.root, self.settings["eips"]), encoding="utf-8") as file:
            entries = json.load(file)
        lists = {"all": [entry["name"] for entry in entries]}
        if "best_eip" in self.settings:
            best, worst = self.settings["best_eip"], self.settings["worst_eip"]
            lists.update(best=[best], worst=[worst], mix=[best, worst])
        for name, members in lists.items():
            chosen = [entry for entry in entries if entry["name"] in members]
            if len(chosen) != len(members):
                sys.exit(f"paper: {self.settings['eips']} lacks one of {', '.join(members)}")
            with open(self.run.path(f"eips-{name}.json"), "w", encoding="utf-8") as file:
                json.dump(chosen, file, indent=1)

    def sources(self):
        files = [os.path.join(self.data, name) for name in self.settings["data"]]
        found = [next((path for path in (name, name[:-3]) if os.path.exists(path)), None)
                 for name in files]
        if None in found:
            sys.exit(f"paper: no {files[found.index(None)]}; give its folder with --data, or run "
                     "tools/get-data.sh")
        return found

    def add_splits(self, data, split, after):
        """Splits of one seed, of every size, by group; test sets are those of the largest."""
        for count in self.counts:
            validation = round(VALIDATION_SHARE * count)
            options = {"train-count": count - validation, "val-count": validation,
                       "test-count": self.settings["test"], "rest": "pool", "seed": split}
            name = self.split_name(count, split)
            after = [self.call(f"split-{data}-{name}", "split", data + ".h5", "--name", name,
                               "--group", *flags(options), *self.window, after=after)]
        return after

    def add_base(self):
        """The DFT data without near twins, grouped, with the EIPs' labels and all splits."""
        self.write_lists()
        after = [self.call("convert", "convert", *self.sources(), "raw.h5", cost=3)]
        after = [self.call("dedupe", "dedupe", "raw.h5", "base.h5", after=after, cost=5)]
        after = [self.call("label", "label", "base.h5", "--eips", "eips-all.json", "--forces",
                           "--reference", self.settings["reference"], after=after, cost=20)]
        for split in self.splits:
            after = self.add_splits("base", split, after)
        return after

    def add_data(self):
        """One dataset per split: strained and rattled copies of all but its test set are added to
        its pool, so that no copy of a test configuration is ever seen."""
        after = self.add_base()
        self.ready = {}
        for split in self.splits:
            data, made = f"data-s{split}", f"made-s{split}"
            largest = self.split_name(max(self.counts), split)
            copies = self.call(made, "perturb", "base.h5", made + ".h5", "--split", largest,
                               "--seed", str(split), *flags(self.settings["pool"]), after=after)
            joined = self.call(data, "convert", "base.h5", made + ".h5", data + ".h5",
                               after=[copies])
            last = self.add_splits(data, split, [joined])
            self.ready[split] = self.call(f"label-s{split}", "label", data + ".h5", "--eips",
                                          "eips-all.json", "--forces", after=last, cost=60)

    # Runs

    def network(self):
        return flags(self.settings["network"])

    def add_collection(self, split):
        """A dataset of its own with labels of every KIM model that covers the elements."""
        data = f"data-collection-s{split}"
        models = self.call("eips-collection", "eips", "--species",
                           ",".join(self.settings["elements"]), "--out", "eips-collection.json",
                           cost=60)
        copy = self.call(data, "convert", f"data-s{split}.h5", data + ".h5",
                         after=[self.ready[split]])
        return self.call(f"label-collection-s{split}", "label", data + ".h5", "--eips",
                         "eips-collection.json", after=[copy, models], cost=200)

    def add_pretraining(self, kind, split):
        """Multi-task pretraining sees no DFT energy: once per split, on that of most labels."""
        name, data, ready = f"pre-{kind}-s{split}", f"data-s{split}.h5", self.ready[split]
        plan = dict(self.settings["pretraining"])
        if kind == "collection":
            data, ready = f"data-collection-s{split}.h5", self.add_collection(split)
        if kind == "forces":
            plan.update(self.settings["force_pretraining"])
        eips = "all" if kind == "forces" else kind
        return self.call(name, "pretrain", data, "--eips", f"eips-{eips}.json", "--split",
                         self.split_name(max(self.counts), split), "--out", name + ".h5",
                         "--seed", str(split), *self.network(), *flags(plan), after=[ready],
                         cost=plan["steps"] * self.settings["step_cost"], resume=("--resume",))

    def training_plan(self, method, count):
        kind = "fine_tuning" if method.pretraining else "training"
        plan = dict(self.settings[kind])
        plan.update(plan.pop(f"n{count}", {}))
        return {key: value for key, value in plan.items() if not key.startswith("n")}

    def start_of(self, method, split, after):
        """Words for the network: that of the pretraining, which is added, or a new one."""
        if not method.pretraining:
            return self.network()
        after.append(self.add_pretraining(method.pretraining, split))
        return ["--pretrained", after[-1] + ".h5"]

    def labels_of(self, method, count, split, labels, after):
        """Words for the labels of the pool: out of a file, or chosen with a classifier."""
        kind = "fine_tuning_labels" if method.pretraining else "training_labels"
        words = flags({**self.settings[kind], **method.options})
        if labels:
            after.append(labels)
            return words + ["--labels", labels + ".csv"]
        words += ["--eips", f"eips-{method.eips}.json"]
        if method.classifier in ("", method.name):
            return words + flags(self.settings["classifier"])
        after.append(self.add_run(METHODS[method.classifier], count, split))
        return words + ["--classifier", f"{after[-1]}.classifier.h5"]

    def add_run(self, method, count, split, labels=None):
        """Training and test of one method; labels: stage that writes a label file, else none."""
        name = f"{method.name}-n{count}-s{split}"
        plan = self.training_plan(method, count)
        data, after = f"data-s{split}.h5", [self.ready[split]]
        steps = plan["steps"]
        words = ["--split", self.split_name(count, split), "--method", method.word, "--out",
                 name + ".h5", "--seed", str(split), "--log", name + ".csv", *flags(plan),
                 *self.start_of(method, split, after)]
        if method.word in ("la", "mp+la"):
            steps = 2 * steps + self.settings["classifier"]["classifier-steps"]
            words += self.labels_of(method, count, split, labels, after)
        else:
            words += flags(method.options)
        self.call(name, "train", data, *words, *self.window, after=after,
                  cost=steps * self.settings["step_cost"], resume=("--resume",))
        self.call("test-" + name, "test", name + ".h5", data, "--split",
                  self.split_name(count, split), *self.window, "--json", "--calibrated",
                  "--predictions", name + "-test.csv", after=[name], stdout=name + ".json")
        return name

    def add_table_1(self):
        for split in self.splits:
            for count in self.counts:
                for name in self.settings["table_1"]:
                    self.add_run(METHODS[name], count, split)

    def add_comparison(self):
        """Tables 4 and 7, and what goes beyond the paper, at one number of labels."""
        for split in self.splits:
            for name in self.settings.get("options", []):
                self.add_run(METHODS[name], self.study_count, split)
        for split in self.settings.get("collection_splits", []):
            self.add_run(METHODS["mp-collection"], self.study_count, split)
        for split in self.settings.get("table_7_splits", []):
            for name in self.settings["table_7"]:
                self.add_run(METHODS[name], self.study_count, split)

    def add_diagnostics(self):
        """Tables 5 and 6 and Figure 3: how good the chosen labels are, and what they teach."""
        for split in self.settings.get("diagnostics", []):
            for kind in ("la", "la-calibrated"):
                classifier = self.add_run(METHODS[kind], self.study_count, split)
                name = f"select-{kind}-s{split}"
                options = {key: value for key, value in METHODS[kind].options.items()
                           if key == "calibrate"}
                self.call(name, "select", classifier + ".classifier.h5",
                          f"data-s{split}.h5", "--split",
                          self.split_name(self.study_count, split), "--role", "pool", "--eips",
                          "eips-all.json", *flags(options), *self.window, "--json", "--csv", name + ".csv",
                          after=[classifier], stdout=name + ".json")
            self.add_label_sources(f"select-la-s{split}", split)

    def add_label_sources(self, selection, split):
        """Training on labels of other origin, or of one confidence group, in place of the chosen."""
        for source in ("low", "medium", "high", "dft", "true-best"):
            labels = f"labels-{source}-s{split}"
            self.run.add(Stage(labels, [sys.executable, os.path.join(HERE, "labels.py"),
                                        selection + ".csv", labels + ".csv", source],
                               after=[selection]))
            self.add_run(Method(f"la-{source}", "la"), self.study_count, split, labels=labels)

    def add_maps(self):
        """Features of a network with random weights and of the pretrained one (Figures 4, 6)."""
        split = self.splits[0]
        self.call("random", "pretrain", f"data-s{split}.h5", "--eips", "eips-all.json", "--split",
                  self.split_name(max(self.counts), split), "--out", "random.h5", "--seed",
                  str(split), *self.network(), "--steps", "1", "--lr", "1e-12",
                  after=[self.ready[split]])
        for model in ("random", self.add_pretraining("all", split)):
            self.call(f"features-{model}", "features", model + ".h5", "base.h5", "--out",
                      f"features-{model}.csv", after=[model], cost=5)

    def add_all(self):
        self.add_data()
        self.add_table_1()
        self.add_comparison()
        self.add_diagnostics()
        self.add_maps()
