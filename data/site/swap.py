"""Serves a new build without a restart: a file changes by rename, and no open connection would see it."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from datasette.database import Database

if TYPE_CHECKING:
    from datasette.app import Datasette

Stamp = tuple[int, int, int]


class HotSwap:
    """Looks at the file before each request."""

    def __init__(self, datasette: "Datasette", name: str) -> None:
        self._datasette, self._name = datasette, name
        self._seen = self._stamp()

    def look(self) -> bool:
        """Has another build come; if so, requests from now on read it, those in flight finish on the old one."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return False
        self._seen = stamp
        datasette, old = self._datasette, self._datasette.databases[self._name]
        new = Database(datasette, path=old.path, is_mutable=False)
        new.name, new.route = old.name, old.route
        datasette.databases = {**datasette.databases, self._name: new}
        datasette.inspect_data = None
        threads, datasette.executor = datasette.executor, _threads(datasette)
        if threads is not None:
            threads.shutdown(
                wait=False
            )  # connections live in its threads, keyed by name: new threads open the new file
        return True

    def _stamp(self) -> Stamp | None:
        """``None`` if no such file is served, or for the moment there is none."""
        database = self._datasette.databases.get(self._name)
        if database is None or not database.path:
            return None
        try:
            found = os.stat(database.path)  # noqa: PTH116  # before every request; a Path costs as much again
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def _threads(datasette: "Datasette") -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=datasette.setting("num_sql_threads"))
