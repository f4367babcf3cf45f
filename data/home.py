"""The folder that everything is kept in: its files, its lock, and who may read it."""

import errno
import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click

LEAST_FREE = 64 << 20
"""Bytes that must be free before a run begins."""


class Refusal(click.ClickException):
    """The user asked for something that cannot be done, or a file of ours is wrong: one line, exit 2."""

    exit_code = 2


class Locked(click.ClickException):
    """Another run holds the home."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside one home."""

    path: Path

    @property
    def work_db(self) -> Path:
        """What crawler and extractor write; private."""
        return self.path / "work.db"

    @property
    def public_db(self) -> Path:
        """What Datasette shows."""
        return self.path / "blotter.db"

    @property
    def private_db(self) -> Path:
        """The newsroom's own build, with every text."""
        return self.path / "private" / "blotter.db"

    @property
    def tallies(self) -> Path:
        """What the next build needs of the last one; only large homes have it."""
        return self.path / "tallies.db"

    @property
    def archive(self) -> Path:
        """Raw responses, as WARC files."""
        return self.path / "archive"

    @property
    def releases(self) -> Path:
        """One folder a release."""
        return self.path / "releases"

    @property
    def corrections(self) -> Path:
        """The editors' decisions."""
        return self.path / "corrections.yml"

    @property
    def links(self) -> Path:
        """Which incidents of other databases are ours too."""
        return self.path / "links.yml"

    def make(self) -> "Home":
        """The home, its folders made; refuses a place that cannot be written."""
        try:
            for folder in (self.path, self.archive):
                folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as error:
            raise Refusal(f"{self.path}: cannot be the home: {error.strerror}") from None
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise Refusal(f"{self.path}: cannot be the home: not writable by this user")
        return self

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by the one run that may write; raises `Locked` at once if another has it."""
        with _opened(self.make().path / "lock") as file:
            if not _taken(file):
                raise Locked(f"{self.path}: another run holds this home; try again when it has ended")
            self._check_space()
            try:
                yield
            except (OSError, sqlite3.OperationalError) as error:
                if not _is_disk_trouble(error):
                    raise
                raise Refusal(f"{self.path}: {error}; what was stored before is still there") from None

    @property
    def is_held(self) -> bool:
        """Whether a run holds the lock."""
        path = self.path / "lock"
        if not path.exists():
            return False
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE:
            raise Refusal(f"{self.path}: only {free >> 20} MB free on its disk, at least {LEAST_FREE >> 20} are needed")


def _taken(file: int) -> bool:
    """Take the lock, unless a run has it; one that only looks whether a run has it lets go within a moment."""
    for _ in range(3):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def touch(path: Path) -> None:
    """Make the file if it is missing, readable by owner and group alone."""
    with _opened(path):
        pass


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise Refusal(f"{path}: cannot be written: {error.strerror}") from None
    try:
        yield file
    finally:
        os.close(file)


def _is_disk_trouble(error: OSError | sqlite3.OperationalError) -> bool:
    """Is the disk full, or not to be written, rather than our code wrong?"""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
    return any(words in str(error) for words in ("disk is full", "readonly database", "disk I/O error"))


_CLONE = 0x40049409  # FICLONE of linux/fs.h


def copy(source: Path, target: Path) -> None:
    """Make ``target`` hold the bytes of ``source``.

    Where the file system can (Btrfs, XFS), both share them until one is written to: a large file takes no longer than a
    small one.
    """
    with source.open("rb") as old, target.open("wb") as new, suppress(OSError):  # most cannot
        fcntl.ioctl(new, _CLONE, old.fileno())
        return
    with source.open("rb") as old, target.open("wb") as new, suppress(OSError):  # room made first: a third less work
        os.posix_fallocate(new.fileno(), 0, size := os.fstat(old.fileno()).st_size)
        while size > 0 and (copied := os.copy_file_range(old.fileno(), new.fileno(), size)):
            size -= copied
        if size == 0:
            return
    shutil.copyfile(source, target)


def fsync(path: Path) -> None:
    """Have the bytes of a file, or the names in a folder, on the disk before going on."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
