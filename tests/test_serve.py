"""The command that serves: every setting it must pass, on Datasette as it is."""

from pathlib import Path

import pytest
from datasette.app import SETTINGS as KNOWN
from matter import made

from data.home import Home, Refusal
from data.publish import publish
from data.serve import SETTINGS, serve, serve_command


def words_after(command: list[str], option: str) -> list[str]:
    return [command[n + 1] for n, word in enumerate(command) if word == option]


def test_the_settings_are_ones_that_datasette_knows():
    assert set(SETTINGS) <= {setting.name for setting in KNOWN}


def test_everything_it_names_is_there(tmp_path):
    home = made(tmp_path, 11, 12)
    publish(home)
    command = serve_command(home.public_db, host="127.0.0.1", port=8001)
    for option in ("--metadata", "--template-dir", "--plugins-dir", "--immutable"):
        (path,) = words_after(command, option)
        assert Path(path).exists(), option
    assert [mount.split(":")[0] for mount in words_after(command, "--static")] == ["static"]


def test_nothing_published_is_a_refusal(tmp_path):
    with pytest.raises(Refusal, match="nothing is published"):
        serve(Home(tmp_path))
