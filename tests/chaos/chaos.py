"""`make chaos`: runs killed at random moments; what is left must be whole, and the next run must finish.

A third of the kills fall into the first seconds (files are taken in), a third anywhere in the run, a third after the
candidate is begun (it is built, checked and published), which is a small part of a run's time and most of its writing.
"""

import argparse
import hashlib
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from orchestration.core.settings import Settings, load_settings
from orchestration.release.manifest import altered_artefacts
from orchestration.release.swap import BUILDING, current_id, list_releases
from orchestration.sample.home import write_home
from tests.support.warm import start

Third = Literal["taking in", "anywhere", "publishing"]
THIRDS: tuple[Third, ...] = get_args(Third)
TAKING_IN_S, AT_MOST_S = 2.0, 280.0
KEEP_THREE = ("keep_last = 30\nkeep_yearly = true", "keep_last = 3\nkeep_yearly = false")


@dataclass
class Chaos:
    """A home whose runs are killed; every run finds a file that is new.

    log: what the last run said. seconds: how long the last whole run took. killed: how many did not end by themselves.
    """

    settings: Settings
    chance: random.Random
    log: Path
    seconds: float = 30.0
    rounds: int = 0
    killed: int = 0
    filed: dict[Path, bytes] = field(default_factory=dict)

    def file_something(self) -> None:
        """A partner files a period again: the same rows, other bytes."""
        self.rounds += 1
        files = sorted(self.settings.home.glob("inbox/*/*.csv"))
        path = files[self.rounds % len(files)]
        self.filed.setdefault(path, path.read_bytes())
        path.write_bytes(self.filed[path] + b"\n" * self.rounds)
        # Long enough ago that no run waits to see whether it is still being written.
        os.utime(path, (time.time() - 120,) * 2)

    def run(self, kill: Third | None = None) -> int:
        """One run, to its end or killed in one of the thirds; returns its exit code, -9 if it was killed."""
        began = time.monotonic()
        process = start(self.settings.home, "run", out=self.log, err=self.log)
        if kill == "publishing":
            while process.is_alive() and not any(self.settings.releases.glob(f"{BUILDING}*")):
                time.sleep(0.005)
        if kill:
            process.join(self.chance.uniform(0, self._span(kill)))
            process.kill()
        process.join(AT_MOST_S)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"a run took more than {AT_MOST_S:g} s")
        self.killed += process.exitcode == -signal.SIGKILL
        if process.exitcode == 0:
            self.seconds = time.monotonic() - began
        return process.exitcode

    def _span(self, third: Third) -> float:
        return {"taking in": TAKING_IN_S, "anywhere": self.seconds, "publishing": 0.15 * self.seconds}[third]


def tiny_home(folder: Path) -> Settings:
    """A tiny sample home that keeps three releases."""
    write_home(folder, "tiny", 1)
    return keeping_three(folder)


def keeping_three(home: Path) -> Settings:
    """A home set to keep three releases, so that retiring is among what is interrupted."""
    config = home / "corridor.toml"
    config.write_text(config.read_text(encoding="utf-8").replace(*KEEP_THREE), encoding="utf-8")
    return load_settings(home)


def problems(settings: Settings) -> list[str]:
    """What is not whole in a home, in words: releases that do not verify, received bytes that are not there."""
    found = []
    current = current_id(settings.releases)
    for release in list_releases(settings.releases):
        if release.state in ("current", "published"):
            found += [f"{release.release_id}: {name} is altered" for name in altered_artefacts(release)]
    if current and not (settings.releases / current / "manifest.json").is_file():
        found.append(f"current points at {current}, which is no release")
    for path in sorted((settings.lake / "receipts").glob("*.json")):
        receipt = json.loads(path.read_bytes())
        raw = settings.lake / "raw" / receipt["content_sha256"][:2] / receipt["content_sha256"]
        if not raw.is_file() or hashlib.sha256(raw.read_bytes()).hexdigest() != receipt["content_sha256"]:
            found.append(f"the bytes of {receipt['file_name']} are not in the lake")
        rows = settings.lake / "accepted" / receipt["dataset"] / f"{path.stem}.parquet"
        if receipt["rows_accepted"] and not rows.is_file():
            found.append(f"the rows of {receipt['file_name']} are not in the lake")
    return found


def not_received(settings: Settings) -> list[str]:
    """Files of the inboxes whose bytes no receipt names."""
    known = {json.loads(path.read_bytes())["content_sha256"] for path in (settings.lake / "receipts").glob("*.json")}
    files = sorted(settings.home.glob("inbox/*/*"))
    return [path.name for path in files if hashlib.sha256(path.read_bytes()).hexdigest() not in known]


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill runs at random moments; let one in --finish end by itself.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--finish", type=int, default=1, help="kills before the next run may finish")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chaos = Chaos(tiny_home(Path(folder) / "home"), random.Random(chosen.seed), Path(folder) / "log")
        if chaos.run() != 0:
            sys.exit(f"The first run failed: {chaos.log.read_text()}")
        failures = survive(chaos, chosen.kills, chosen.finish)
    print("\n".join([*failures, f"{chaos.killed} runs killed, {len(failures)} left something that is not whole"]))
    sys.exit(1 if failures else 0)


def survive(chaos: Chaos, kills: int, kills_per_finish: int, moments: Sequence[Third] = THIRDS) -> list[str]:
    """Kill that many runs; returns in words what was not whole after any of them, or did not finish.

    A run that ends before its moment has come is no kill: the next one takes its place.
    """
    failures: list[str] = []
    for number, third in zip(range(1, 2 * kills + 1), itertools.cycle(moments), strict=False):
        before = current_id(chaos.settings.releases)
        chaos.file_something()
        code = chaos.run(third)
        found = problems(chaos.settings)
        if code not in (0, -signal.SIGKILL):
            found.append(f"the run ended with {code}")
        if code == -signal.SIGKILL and chaos.killed % kills_per_finish == 0:
            found += _finishes(chaos)
        failures += [f"run {number} ({third}): {words}" for words in found]
        now = current_id(chaos.settings.releases)
        print(f"run {number} {third}: exit {code}, {before} -> {now} {'; '.join(found)}", flush=True)
        if chaos.killed == kills:
            return failures
    return [*failures, f"only {chaos.killed} of {2 * kills} runs were killed in time"]


def _finishes(chaos: Chaos) -> list[str]:
    code = chaos.run()
    found = [] if code == 0 else [f"the next run ended with {code}"]
    return [*found, *problems(chaos.settings), *(f"{name} has no receipt" for name in not_received(chaos.settings))]


if __name__ == "__main__":
    main()
