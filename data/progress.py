"""How far a long command has come: a bar on a terminal, plain lines elsewhere, nothing if it is to be quiet."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Step = Callable[[str], None]
"""Called once a step, with what it is about."""
EVERY = 50
"""Plain progress: a line each so many steps."""


def untold(_at: str) -> None:
    """The step of what nobody looks at."""


@contextmanager
def progress(what: str, total: int | None = None, *, quiet: bool) -> Iterator[Step]:
    """What is to be called at each of ``total`` steps, if that number is known."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield untold if quiet else _plain(what, total)
        return
    from rich.console import Console  # here, as what cron runs shows no bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, TextColumn("{task.fields[at]}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, at="")
        yield lambda at: bar.update(task, advance=1, at=at[-60:])


def _plain(what: str, total: int | None) -> Step:
    done = 0

    def step(at: str) -> None:
        nonlocal done
        done += 1
        if done % EVERY == 0 or done == total:
            click.echo(f"{what}: {done}{f' of {total}' if total else ''} {at}".rstrip(), err=True)

    return step
