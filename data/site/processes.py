"""The processes that serve: ``python -m data.site.processes FILE HOST PORT PROCESSES``.

Each keeps its own pages and notices a new build by itself. This file imports nothing that is slow to import: the one
process that looks after the others does not need it.
"""

import os
import socket
import sys
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from data.serve import SERVED

_APP = "data.site.app:app"
_PATIENCE = 120
"""Seconds for an answer of a process before another takes its place: on a busy machine it may be slow to start."""


def main(file: str, host: str, port: str, processes: str) -> None:
    """Serve until told to end."""
    os.environ[SERVED] = file
    options: dict[str, Any] = {
        "factory": True, "host": host, "port": int(port), "workers": int(processes), "log_level": "info",
        "access_log": False, "lifespan": "on", "timeout_worker_healthcheck": _PATIENCE,
    }  # fmt: skip
    if int(processes) == 1:
        uvicorn.run(_APP, **options)
        return
    config = uvicorn.Config(_APP, **options)
    shared = config.bind_socket()
    # Or the end of each answer would wait for a reader to acknowledge its beginning: 40 milliseconds.
    shared.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    Multiprocess(config, sockets=[shared]).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
