"""Releases: a build that stays, in a folder by date and number, with sums, dictionary and what changed."""

import filecmp
import hashlib
import shutil
import sqlite3
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from data.diff import diff, told
from data.exports import write_papers, write_tables
from data.home import Home, Refusal, fsync

SUMS = "SHA256SUMS"


def release(home: Home, *, on: date, note: str | None = None) -> Path:
    """The folder of a release of what is published; the last one if nothing has changed since."""
    if not home.public_db.exists():
        raise Refusal(f"{home.path}: nothing is published yet; run blotter publish first")
    last = latest(home)
    if last and note is None and filecmp.cmp(last / "blotter.db", home.public_db, shallow=False):
        return last
    return issue(home, home.public_db, on=on, last=last, note=note)


def latest(home: Home) -> Path | None:
    """The folder of the newest release."""
    found = releases(home)
    return found[-1] if found else None


def releases(home: Home) -> list[Path]:
    """The folders of all releases, oldest first."""
    return sealed(home.releases)


def sealed(folder: Path) -> list[Path]:
    """The folders of the releases that lie there whole, oldest first."""
    return sorted((path for path in folder.glob("????-??-??.*") if (path / SUMS).is_file()), key=_number)


def issue(home: Home, file: Path, *, on: date, last: Path | None, note: str | None) -> Path:
    """Write the folder aside, then give it its name: it is there whole or not at all."""
    home.releases.mkdir(mode=0o750, exist_ok=True)
    name = _next_name(home, on)
    aside = home.path / "release.new"
    shutil.rmtree(aside, ignore_errors=True)  # what a killed run left
    aside.mkdir(mode=0o750)
    shutil.copyfile(file, aside / "blotter.db")
    changes = [note] if note else []
    changes += list(told(diff(last / "blotter.db", file))) if last else ["The first release."]
    with Database(sqlite3.connect(aside / "blotter.db")) as db:
        write_tables(db, aside)
        write_papers(db, aside, release=name, day=on.isoformat(), changes=changes or ["No fact has changed."])
    _seal(aside)
    folder = aside.rename(home.releases / name)
    _point_to(home, folder)
    return folder


def withdraw(home: Home, folder: Path, *, told: str) -> None:
    """Destroy a release; a note stays in its place, so that its number is not given again."""
    old = home.path / "withdrawn"  # out of what is served, in one step
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    folder.mkdir(mode=0o750)
    (folder / "WITHDRAWN.md").write_text(f"{told}\n", "utf-8")
    shutil.rmtree(old)


def _number(folder: Path) -> tuple[str, int]:
    day, _, number = folder.name.partition(".")
    return day, int(number)


def _next_name(home: Home, on: date) -> str:
    """The day and the next free number on it; the number of a release that was withdrawn is not used again."""
    used = [_number(path)[1] for path in home.releases.glob(f"{on}.*")]
    return f"{on}.{max(used, default=0) + 1}"


def _seal(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / SUMS).write_text("".join(sums), "utf-8")
    for path in [*files, folder / SUMS]:
        path.chmod(0o640)
        fsync(path)


def _point_to(home: Home, folder: Path) -> None:
    """``latest`` leads to the newest release."""
    link = home.releases / ".latest"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(home.releases / "latest")
    fsync(home.releases)
