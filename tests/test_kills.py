"""Killed at any moment, a home is whole, and nothing that was acknowledged is lost."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from leftovers import found_in
from matter import NOW, TEXT, article, fill, reading
from sqlite_utils import Database

from crawler.archive import ArchiveWriter, Exchange, read_record
from crawler.items import Fetch
from data.check import check_file, check_home
from data.home import Home
from data.publish import publish
from data.purge import purge
from data.refused import drop_refused
from data.store import Store

HERE = Path(__file__).parent
OURS = {"PYTHONPATH": f"{HERE}:{HERE.parent}"}
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
    command = [sys.executable, "-c", WORKER, str(home.path), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE, env=OURS) as worker:
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


PURGES = """
import itertools, os, shutil, sys
from datetime import timedelta
from pathlib import Path
from matter import NOW
from data.home import Home
from data.purge import purge
from data.removal import remove, to_remove
from data.store import Store

def has_ended(home, target, last):
    if child := os.fork():
        return not os.waitpid(child, 0)[1]
    steps = itertools.count()

    def watch(event, given):
        is_folder = event == "open" and str(given[0]) == str(home.archive)  # its names come to the disk
        if is_folder or event in ("os.rename", "os.remove") and str(given[0]).startswith(str(home.archive)):
            if next(steps) == last:
                os._exit(9)

    with Store(home.work_db) as store:
        remove(store.db, to_remove(store.db, target), reason="legal", note=None, now=NOW)
    sys.addaudithook(watch)
    purge(home, now=NOW + timedelta(days=31))
    os._exit(0)

whole = Path(sys.argv[1])
for first in itertools.count():
    for second in itertools.count():
        home = Home(Path(shutil.copytree(whole, whole.with_name(f"{first}-{second}"))))
        ended = has_ended(home, "1", first), has_ended(home, "2", second)
        if ended[1]:
            break
    if ended[0]:
        break
"""
"""Purge one article, killed before each step in the archive, then another, killed before each of its own."""


def test_two_purges_killed_between_any_two_file_operations_leave_one_archive_and_then_nothing_of_the_page(tmp_path):
    home = Home(tmp_path / "whole").make()
    told = {
        n: f"The harbour master of quay {n} alone has ever told this long tale of lamps and cranes." for n in (1, 2)
    }
    with Store(home.work_db) as store:
        fill(store, 3)
        for number, words in told.items():
            store.add_article(replace(article(number), text=f"{TEXT}\n{words}"), now=NOW)
        writer = ArchiveWriter(home.archive, software="test", now=NOW)
        for number in (1, 2, 3):
            url, body = f"https://outlet.example/{number}", f"<p>{TEXT}</p><p>{told.get(number, '')}</p>".encode()
            file, offset = writer.write(Exchange(url=url, status=200, body=body, at=NOW, notes={}))
            at = {"warc_file": file, "warc_offset": offset}
            store.queue().log_fetch(Fetch(url=url, final_url=url, status=200, at=NOW, size=len(body), **at))
        writer.close()
    subprocess.run([sys.executable, "-c", PURGES, str(home.path)], cwd=HERE, env=OURS, check=True)
    killed = [Home(path) for path in sorted(tmp_path.iterdir()) if path != home.path]
    assert len(killed) > 9
    for one in killed:
        with one.lock(), Store(one.work_db) as store:
            drop_refused(store.db, one.archive)  # as every run does
            places = store.db.execute("select url, warc_file, warc_offset from fetches where warc_file is not null")
            named = {url: (file, offset) for url, file, offset in places}
        assert {file for file, _ in named.values()} == {path.name for path in one.archive.iterdir()}
        assert all(read_record(one.archive, *place).url == url for url, place in named.items())
        assert "https://outlet.example/3" in named
        assert purge(one, now=NOW + timedelta(days=31)).left == ()
        assert list(found_in(one, told.values())) == []
        assert check_home(one) == []


UNSHOWN = """
import os, sys
from datetime import timedelta
from pathlib import Path
from matter import NOW
from data.home import Home
from data.purge import purge
from data.removal import remove, to_remove
from data.store import Store

home, left = Home(Path(sys.argv[1])), [int(sys.argv[2])]

def watch(event, given):
    if event == "os.rename" and str(given[1]) == str(home.public_db):
        if not left[0]:
            os._exit(9)
        left[0] -= 1

with Store(home.work_db) as store:
    remove(store.db, to_remove(store.db, "1"), reason="legal", note=None, now=NOW)
sys.addaudithook(watch)
purge(home, now=NOW + timedelta(days=31))
"""
"""Purge what a removal that was killed before it published left in the published file, killed before a publication."""


def test_what_was_never_hidden_is_hidden_before_it_is_purged(tmp_path):
    words = "The harbour master of quay 1 alone has ever told this long tale of lamps and cranes."
    whole = Home(tmp_path / "whole").make()
    with Store(whole.work_db) as store:
        store.add_article(replace(article(1), text=f"{TEXT}\n{words}"), now=NOW)
        store.keep_reading(reading(1), extracted_with="1")
        fill(store, 3)
    publish(whole)
    assert "blotter.db" in found_in(whole, [words])
    codes = []
    while 0 not in codes:
        home = Home(Path(shutil.copytree(whole.path, tmp_path / f"killed-{len(codes)}")))
        child = [sys.executable, "-c", UNSHOWN, str(home.path), str(len(codes))]
        codes.append(subprocess.run(child, cwd=HERE, env=OURS, check=False).returncode)
        assert check_home(home) == []
        with home.lock():
            assert purge(home, now=NOW + timedelta(days=31)).left == ()
        assert list(found_in(home, [words])) == []
    assert codes == [9, 9, 0]


def test_three_kills(tmp_path):
    survive(Home(tmp_path).make(), 3, seed=1)


@pytest.mark.slow
def test_fifty_kills(tmp_path):
    survive(Home(tmp_path).make(), 50, seed=2)
