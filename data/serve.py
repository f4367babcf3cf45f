"""Datasette on the published file, with every setting it needs: those in metadata.yml it would ignore."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

from data.home import Home, Refusal
from data.schema import lacking
from data.site.editors import CORRECTIONS_URL, corrections_form

SETTINGS = {
    "default_page_size": "50",
    "max_returned_rows": "1000",
    "truncate_cells_html": "280",
    "suggest_facets": "off",  # measured: 13 times faster on 300,000 rows
    "num_sql_threads": "12",  # with 3, four looping queries stop the site
    "sql_time_limit_ms": "1000",
    "facet_time_limit_ms": "200",
    "default_cache_ttl": "300",
    "max_csv_mb": "0",  # a limit would end a download in the middle
    "allow_download": "on",
    "trace_debug": "off",
    "template_debug": "off",
}


SERVED = "BLOTTER_SERVED"
"""Names the file to the processes that serve it."""
PROCESSES = min(2, os.cpu_count() or 1)
"""How many serve unless told otherwise: one at work on a page does not hold up the rest."""


def serve(
    home: Home, *, host: str = "127.0.0.1", port: int = 8001, private: bool = False, processes: int = PROCESSES
) -> None:
    """Become Datasette; comes back only by raising `Refusal`."""
    file = home.private_db if private else home.public_db
    if not file.exists():
        raise Refusal(f"{home.path}: nothing is published yet; run blotter publish first")
    again = "blotter publish --private" if private else "blotter publish"
    if missing := _lacking(file):
        raise Refusal(f"{file}: not published by this version of Blotter: it has no {missing[0]}; run {again} again")
    command = serve_command(file, host=host, port=port, processes=processes)
    os.execv(command[0], command)


def serve_meanwhile(file: Path, *, port: int) -> None:
    """Serve a published file in a process of its own, until that one or this one is told to end."""
    with subprocess.Popen(serve_command(file, host="127.0.0.1", port=port)) as server, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        server.wait()


def serve_command(file: Path, *, host: str, port: int, processes: int = PROCESSES) -> list[str]:
    """The command line that serves a published file; the site shows the releases beside it, too.

    Raises `Refusal` if the environment names no place where corrections can be sent to.
    """
    if address := os.environ.get(CORRECTIONS_URL):
        try:
            corrections_form(address)
        except ValueError as error:
            raise Refusal(f"{CORRECTIONS_URL}: {address!r}: {error}") from None
    return [sys.executable, "-m", "data.site.processes", str(file), host, str(port), str(processes)]


def _lacking(file: Path) -> list[str]:
    """What the pages read that is not in the file, which is not written to."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        return lacking(conn)
