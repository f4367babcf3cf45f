"""Killed at any moment, a home is whole, and nothing that was acknowledged is lost."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlite_utils import Database

from data.check import check_file, check_home
from data.home import Home
from data.publish import publish
from data.store import Store

WORKER = """
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from matter import NOW, TEXT, article, fill, incident, reading
from data.corrections import add_correction, decision
from data.home import Home
from data.publish import publish, republish
from data.purge import purge
from data.releases import release
from data.removal import remove, to_remove
from data.store import Store

home, first = Home(Path(sys.argv[1])), int(sys.argv[2])
with home.lock():
    for number in range(first, first + 1000):
        with Store(home.work_db) as store:
            own = f"{TEXT} This sentence with the number {number} stands in this one report and in no other."
            store.add_article(replace(article(number), text=own), now=NOW)
            print("kept", number, flush=True)
            fill(store, number)
        if number % 4 == 0:
            publish(home, accept_drop=True)
            print("published", number, flush=True)
        if number % 7 == 0:
            with Store(home.work_db) as store:
                fact = store.db.execute("select id from violations where article_id = ?", [number]).fetchone()[0]
                add_correction(home.corrections, decision(
                    store.db, "confirm", [str(fact)], why="seen", who="A. Editor", on=NOW.date()))
            print("corrected", fact, flush=True)
        if number % 11 == 0:
            release(home, on=date(2026, 3, 2)) if home.public_db.exists() else None
        if number % 9 == 0:
            with Store(home.work_db) as store:
                remove(store.db, to_remove(store.db, str(number)), reason="legal", note=None, now=NOW)
            print("removed", number, flush=True)
            republish(home)
            purge(home, now=NOW + timedelta(days=31))
            print("purged", number, flush=True)
"""


def killed_after(home: Home, first: int, seconds: float) -> list[tuple[str, int]]:
    """What the worker had acknowledged when it was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(home.path), str(first)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parent, env={"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parent.parent}"},
    ) as worker:  # fmt: skip
        assert worker.stdout
        lines = [worker.stdout.readline()]  # it has begun
        time.sleep(seconds)
        worker.send_signal(signal.SIGKILL)
        lines += worker.stdout.readlines()
    return [(line.split()[0], int(line.split()[1])) for line in lines if line.endswith("\n")]


def survive(home: Home, moments: int, *, seed: int) -> None:
    rng, told = random.Random(seed), []
    for n in range(moments):
        told += killed_after(home, n * 1000, rng.uniform(0, 1.5))
        assert check_home(home) == []
        for folder in home.releases.glob("????-??-??.*"):
            assert (folder / "WITHDRAWN.md").exists() or check_file(folder / "blotter.db") == []
        with Store(home.work_db) as store:
            there = {row["id"] for row in store.db["articles"].rows}
            gone = {row["article_id"] for row in store.db["removals"].rows}
        assert {number for what, number in told if what == "kept"} <= there | gone
        assert {number for what, number in told if what == "removed"} <= gone
        assert not {number for what, number in told if what == "purged"} & there
        facts = home.corrections.read_text() if home.corrections.exists() else ""
        assert all(str(number) in facts for what, number in told if what == "corrected")
    assert {what for what, _ in told} >= {"kept", "published"}
    publish(home, accept_drop=True)
    with Database(sqlite3.connect(home.public_db)) as db:
        shown = {row["id"] for row in db["articles"].rows}
    assert not {number for what, number in told if what == "removed"} & shown


def test_three_kills(tmp_path):
    survive(Home(tmp_path).make(), 3, seed=1)


@pytest.mark.slow
def test_fifty_kills(tmp_path):
    survive(Home(tmp_path).make(), 50, seed=2)
