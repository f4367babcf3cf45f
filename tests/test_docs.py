"""The README says what is there, and all of it."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from blotter import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def verbs(group: click.Group = cli, before: str = "blotter") -> dict[str, click.Command]:
    """Every command by its full name, those of groups included."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        found[f"{before} {name}"] = command
        if isinstance(command, click.Group):
            found |= verbs(command, f"{before} {name}")
    return found


VERBS = verbs()


@pytest.mark.parametrize("name", [n for n in VERBS if n.count(" ") == 1])
def test_every_verb_is_in_the_readme(name: str) -> None:
    assert f"| `{name}` |" in README


def test_every_verb_in_the_readme_exists() -> None:
    named = set(re.findall(r"`(blotter [a-z]+)[^`]*`", README)) | set(re.findall(r"^ *(blotter [a-z]+)", README, re.M))
    assert named - VERBS.keys() == set()


@pytest.mark.parametrize("name", VERBS)
def test_every_help_has_an_example_that_parses(name: str) -> None:
    help = VERBS[name].help or ""
    example = re.search(r"Example: (blotter .*)", help)
    assert example, f"{name} has no example"
    assert example[1].startswith(name)
    options = set(re.findall(r"(?<= )--[a-z-]+", example[1]))
    assert options <= {option for parameter in VERBS[name].params for option in parameter.opts} or "sources" in name


def test_every_option_in_the_readme_exists() -> None:
    known = {option for command in VERBS.values() for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"(?<=[ `(])--[a-z][a-z-]+", README))
    assert named - known - {"--help"} == set()


def test_every_option_says_what_it_does() -> None:
    silent = [
        f"{name} {parameter.opts[0]}"
        for name, command in VERBS.items()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden and not parameter.help
    ]
    assert silent == []


def test_the_picture_is_there() -> None:
    missing = [path for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README) if not (ROOT / path).exists()]
    assert missing == []


def test_the_readme_names_the_python_that_is_required() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert f"Python {required.removeprefix('>=')} or newer" in README


def test_the_exit_codes_of_the_readme_are_those_of_the_code() -> None:
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.M)}
    code = (ROOT / "blotter.py").read_text("utf-8") + (ROOT / "data" / "home.py").read_text("utf-8")
    used = {int(n) for n in re.findall(r"(?:sys\.exit\(|needs\(|exit_code = )(\d+)", code)}
    assert used <= table
