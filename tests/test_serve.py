"""The command that serves: every setting it must pass, on Datasette as it is."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from urllib.error import URLError

import pytest
from datasette.app import SETTINGS as KNOWN
from load import load
from matter import made
from served import OPENER, free_port, served
from sqlite_utils import Database

from data.home import Home, Refusal
from data.publish import publish
from data.serve import SETTINGS, serve, serve_command
from data.site.app import datasette
from data.site.processes import door


def test_the_settings_are_ones_that_datasette_knows():
    assert set(SETTINGS) <= {setting.name for setting in KNOWN}


def test_every_setting_is_passed(tmp_path):
    home = made(tmp_path, 11, 12)
    publish(home)
    served = datasette(home.public_db)
    for name, value in SETTINGS.items():
        assert served.setting(name) == {"on": True, "off": False}.get(value, int(value) if value.isdigit() else value)
    assert served.databases["blotter"].is_mutable is False


def test_processes_serve_the_same_and_end_together(tmp_path):
    home = made(tmp_path, 11, 12)
    publish(home)
    with served(home.public_db, processes=2) as root:
        # an answer in two parts of which the second waits for word of the first takes 40 milliseconds, always
        assert min(load(root, ["/about"] * 40, clients=1).seconds) < 0.035
        builds = set()
        for _ in range(20):
            with OPENER.open(f"{root}/-/health", timeout=20) as answer:
                builds.add(json.load(answer)["build"])
    assert len(builds) == 1
    with pytest.raises(URLError):
        OPENER.open(f"{root}/-/health", timeout=5)


def test_readers_are_spread_over_the_processes():
    """Each that a door is handed to opens one of its own, and both are come in at."""
    with ExitStack() as stack:
        first = stack.enter_context(door(socket.AF_INET, ("127.0.0.1", 0)))
        doors = [stack.enter_context(ForkingPickler.loads(ForkingPickler.dumps(first))) for _ in range(2)]
        for opened in doors:
            opened.listen()
            opened.setblocking(False)
        for _ in range(60):
            stack.enter_context(socket.create_connection(first.getsockname()))
        come = [_come_in(opened, stack) for opened in doors]
    assert sum(come) == 60
    assert min(come) > 0


def _come_in(opened: socket.socket, stack: ExitStack) -> int:
    """How many came in at a door."""
    number = 0
    while True:
        try:
            stack.enter_context(opened.accept()[0])
        except BlockingIOError:
            return number
        number += 1


def test_an_address_that_is_taken_is_no_place_to_serve(tmp_path):
    """Not even beside another server of ours."""
    with door(socket.AF_INET, ("127.0.0.1", 0)) as taken:
        taken.listen()
        command = serve_command(tmp_path, host="127.0.0.1", port=taken.getsockname()[1], processes=2)
        ended = subprocess.run(command, capture_output=True, timeout=60)
    assert ended.returncode != 0
    assert b"in use" in ended.stderr


def test_of_two_servers_started_together_one_serves(tmp_path):
    """Before anybody listens at the address, too."""
    home = made(tmp_path, 11, 12)
    publish(home)
    port = free_port()
    command = serve_command(home.public_db, host="127.0.0.1", port=port, processes=2)
    servers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    try:
        wait_until(lambda: any(server.poll() for server in servers) and len(listening(port)) == 2)
        (ended,) = (server for server in servers if server.poll() is not None)
        assert b"in use" in ended.communicate()[1]
    finally:
        for server in servers:
            server.terminate()
            server.communicate(timeout=20)


def test_a_server_ends_with_the_one_that_waits_for_it(tmp_path):
    """As that of the demo does, whose files go when it ends."""
    home = made(tmp_path, 11, 12)
    publish(home)
    port = free_port()
    code = "import sys, pathlib, data.serve as s; s.serve_meanwhile(pathlib.Path(sys.argv[1]), port=int(sys.argv[2]))"
    waiting = subprocess.Popen([sys.executable, "-c", code, str(home.public_db), str(port)], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: len(listening(port)) > 0)
    finally:
        waiting.terminate()
    assert waiting.wait(60) == 0
    assert listening(port) == set()


def test_a_process_that_dies_has_another_in_its_place(tmp_path):
    home = made(tmp_path, 11, 12)
    publish(home)
    with served(home.public_db, processes=2) as root:
        port = int(root.rpartition(":")[2])
        wait_until(lambda: len(listening(port)) == 2)
        killed = listening(port)
        for number in killed:
            os.kill(number, signal.SIGKILL)
        wait_until(lambda: len(listening(port) - killed) == 2)
        with OPENER.open(f"{root}/-/health", timeout=20) as answer:
            assert json.load(answer)["ok"] is True


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.05)


def listening(port: int) -> set[int]:
    """The processes at whose doors readers come in, by what Linux tells of each."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    doors = {f"socket:[{line[9]}]" for line in lines if line[1] == f"0100007F:{port:04X}" and line[3] == "0A"}
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if os.readlink(link) in doors:  # noqa: PTH115  # it leads to no path
                found.add(int(link.parts[2]))
    return found


def test_nothing_published_is_a_refusal(tmp_path):
    with pytest.raises(Refusal, match="nothing is published"):
        serve(Home(tmp_path))


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ("alter table removals rename column incident_id to of_incident", r"removals\.incident_id"),
        ("drop table dictionary", "dictionary"),
    ],
)
def test_a_file_of_an_older_version_is_a_refusal(tmp_path, change, missing):
    home = made(tmp_path, 11, 12)
    publish(home)
    with Database(home.public_db) as db:
        db.execute(change)
    with pytest.raises(Refusal, match=rf"has no {missing}; run blotter publish again$"):
        serve(home)
