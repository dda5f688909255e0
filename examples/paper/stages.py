# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs commands that depend on each other, several at a time, so that a stopped run goes on.

A stage is one command in the work folder. It is done when NAME.done holds the stamp of that very
command and of all that it waits for; a stage that was interrupted is started again with its resume
option, so that training continues from its checkpoint. The log of a stage is NAME.log.
"""

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
import time


@dataclasses.dataclass
class Stage:
    name: str
    command: list  # of words
    after: list = dataclasses.field(default_factory=list)  # names of stages
    cost: float = 1.0  # expected seconds on one core, for the estimate of the remaining time
    resume: tuple = ()  # words added when an interrupted run goes on
    stdout: str = ""  # file for the standard output; else it goes to the log


class Run:
    """The stages of a study in a work folder."""

    def __init__(self, folder, jobs):
        self.folder, self.jobs = folder, jobs
        self.stages, self.stamps = {}, {}
        self.running = {}  # name: (process, start, open file)
        self.measured = [0.0, 0.0]  # seconds taken, seconds expected
        os.makedirs(folder, exist_ok=True)

    def add(self, stage):
        known = self.stages.get(stage.name)
        if known and known.command != stage.command:
            sys.exit(f"paper: two stages are called {stage.name}")
        for name in stage.after:
            if name not in self.stages:
                sys.exit(f"paper: stage {stage.name} waits for {name}, which is not there")
        self.stages[stage.name] = stage
        return stage.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def stamp(self, name):
        """Hash of a stage's command and of those of all it waits for."""
        if name not in self.stamps:
            stage = self.stages[name]
            words = [*stage.command, *(self.stamp(other) for other in stage.after)]
            self.stamps[name] = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]
        return self.stamps[name]

    def record(self, name):
        """What NAME.done says, or None where the stage has to run."""
        try:
            with open(self.path(name + ".done"), encoding="utf-8") as file:
                record = json.load(file)
        except (OSError, ValueError):
            return None
        return record if record.get("stamp") == self.stamp(name) else None

    def start(self, name):
        stage = self.stages[name]
        begun = self.path(name + ".begun")
        words = list(stage.command)
        try:
            with open(begun, encoding="utf-8") as file:
                if file.read() == self.stamp(name):
                    words += stage.resume
        except OSError:
            pass
        with open(begun, "w", encoding="utf-8") as file:
            file.write(self.stamp(name))
        log = open(self.path(name + ".log"), "w", encoding="utf-8")
        out = open(self.path(stage.stdout + ".part"), "w", encoding="utf-8") if stage.stdout else log
        process = subprocess.Popen(words, cwd=self.folder, stdout=out, stderr=log,
                                   stdin=subprocess.DEVNULL)
        if out is not log:
            out.close()
        self.running[name] = (process, time.time(), log)

    def finish(self, name):
        process, begun, log = self.running.pop(name)
        log.close()
        if process.returncode != 0:
            return False
        stage, seconds = self.stages[name], time.time() - begun
        if stage.stdout:
            os.replace(self.path(stage.stdout + ".part"), self.path(stage.stdout))
        self.measured[0] += seconds
        self.measured[1] += stage.cost
        done = self.path(name + ".done")
        with open(done + ".part", "w", encoding="utf-8") as file:
            json.dump({"stamp": self.stamp(name), "command": stage.command,
                       "seconds": round(seconds, 2)}, file)
        os.replace(done + ".part", done)
        return True

    def fail(self, name):
        for process, _, _ in self.running.values():
            process.terminate()
        for process, _, _ in self.running.values():
            process.wait()
        with open(self.path(name + ".log"), encoding="utf-8") as file:
            sys.stderr.write("".join(file.readlines()[-15:]))
        sys.exit(f"paper: stage {name} failed: {' '.join(self.stages[name].command)}\n"
                 f"paper: its output is in {self.path(name + '.log')}; mend the cause and start "
                 "again, what is finished is kept")

    def remaining(self, todo):
        """Expected seconds to the end."""
        pace = self.measured[0] / self.measured[1] if self.measured[1] > 0 else 1.0
        waiting = sum(self.stages[name].cost for name in todo)
        now = time.time()
        going = sum(max(0.0, pace * self.stages[name].cost - (now - begun))
                    for name, (_, begun, _) in self.running.items())
        return (pace * waiting + going) / self.jobs

    def execute(self):
        """Runs what is not done yet; returns the seconds each stage took."""
        names = list(self.stages)
        done = {name for name in names if self.record(name)}
        todo = [name for name in names if name not in done]
        print(f"paper: {len(names)} stages, {len(done)} of them done before", flush=True)
        while todo or self.running:
            for name in list(todo):
                if len(self.running) < self.jobs and all(k in done for k in self.stages[name].after):
                    todo.remove(name)
                    self.start(name)
            time.sleep(0.05)
            for name in list(self.running):
                if self.running[name][0].poll() is None:
                    continue
                if not self.finish(name):
                    self.fail(name)
                done.add(name)
                left = int(self.remaining(todo))
                print(f"paper: {len(done)}/{len(names)} {name} {self.record(name)['seconds']:.0f} s, "
                      f"ETA {left // 60} min {left % 60:02d} s", flush=True)
        return {name: self.record(name)["seconds"] for name in names}
