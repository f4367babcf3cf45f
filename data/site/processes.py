"""The processes that serve: ``python -m data.site.processes FILE HOST PORT PROCESSES``.

Each keeps its own pages and notices a new build by itself. That readers are spread evenly over them is Linux's doing;
elsewhere all share one socket, and the first to wake takes whoever waits. This file imports nothing that is slow to
import: the one process that looks after the others does not need it.
"""

import os
import socket
import sys
from multiprocessing.reduction import register
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from data.serve import SERVED

_APP = "data.site.app:app"
_PATIENCE = 120
"""Seconds for an answer of a process before another takes its place: on a busy machine it may be slow to start."""


class Door(socket.socket):
    """Where readers come in: each process that it is handed to opens one of its own at the same address.

    The system then spreads readers over them. At a door that all share, the first process to wake takes whoever waits,
    often all of them, and keeps them while the others have none.
    """


def door(family: int, address: Any) -> Door:
    """One at this address, beside any other."""
    opened = Door(family)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    # Or the end of each answer would wait for a reader to acknowledge its beginning: 40 milliseconds.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.bind(address)
    return opened


def held(alone: socket.socket) -> Door:
    """A door for the process that looks after the others, at the address of a socket that had it alone.

    Nobody comes in at it. As long as it is held, no other server has the address: without `SO_REUSEADDR` on it, it lets
    nobody bind there who does not ask for a door, which a server asks for only when it had the address alone.
    """
    opened = Door(alone.family)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    address = alone.getsockname()
    alone.close()
    opened.bind(address)
    return opened


register(Door, lambda handed_on: (door, (handed_on.family, handed_on.getsockname())))


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
    alone = config.bind_socket()  # fails if the address is taken; a door beside another server would not
    alone.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    Multiprocess(config, sockets=[held(alone) if sys.platform == "linux" else alone]).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
