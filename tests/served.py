"""A published file behind a real server, for the tests that look at it in a browser."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from data.serve import serve_command

OPENER = build_opener(ProxyHandler({}))


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(file: Path, *, processes: int = 1) -> Iterator[str]:
    """The address of the server."""
    port = free_port()
    with (file.parent / "server.log").open("wb") as log:
        command = serve_command(file, host="127.0.0.1", port=port, processes=processes)
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(900):
        assert server.poll() is None, "the server ended"
        try:
            OPENER.open(f"{address}/-/health", timeout=5).close()
        except URLError:
            try:
                server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    pytest.fail("the server did not answer")
