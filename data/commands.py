"""The verbs that touch nothing but the databases."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from data.check import check_file, check_home
from data.corrections import NEEDS, add_correction, decision
from data.diff import diff as file_diff
from data.diff import told
from data.home import Home, Refusal
from data.publish import publish as publish_build
from data.releases import release
from data.serve import serve as serve_build
from data.status import SourceHealth
from data.status import status as home_status
from data.store import Store

home_option = click.option(
    "--home", "home", type=click.Path(file_okay=False, path_type=Path), default=Path("data/home"),
    envvar="BLOTTER_HOME", show_default=True, metavar="DIR", callback=lambda _c, _p, path: Home(path),
    help="Where everything is kept.",
)  # fmt: skip
now_option = click.option(
    "--now", hidden=True, type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"]), default=None,
    callback=lambda _c, _p, moment: moment.replace(tzinfo=UTC) if moment else datetime.now(UTC).replace(microsecond=0),
)  # fmt: skip


@click.command()
@home_option
@click.option("--private", is_flag=True, help="Build the newsroom's own file, with every text.")
@click.option("--accept-drop", is_flag=True, help="Publish even if something of the last build is missing.")
@click.option(
    "--release", "is_release", is_flag=True, help="Keep the build as a dated release, with CSV and JSON files."
)
@now_option
def publish(home: Home, private: bool, accept_drop: bool, is_release: bool, now: datetime) -> None:
    """Build the database that readers see, check it, and put it in place.

    Example: blotter publish
    """
    with home.lock():
        report = publish_build(home, private=private, accept_drop=accept_drop)
        folder = release(home, on=now.date()) if is_release else None
    for line in report.idle:
        click.echo(f"correction {line}")
    counts = report.counts
    click.echo(
        f"{'published' if report.is_changed else 'nothing new'}: {counts['articles']} articles,"
        f" {counts['incidents']} incidents, {counts['violations']} violations, {counts['quotes']} quotes,"
        f" {counts['entities']} names in {report.path}" + (f"; release {folder.name}" if folder else "")
    )


@click.command()
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--private", is_flag=True, help="Serve the newsroom's own file, with every text.")
def serve(home: Home, host: str, port: int, private: bool) -> None:
    """Show the published database in Datasette.

    Example: blotter serve --port 8001
    """
    serve_build(home, host=host, port=port, private=private)


@click.command()
@home_option
@now_option
def status(home: Home, now: datetime) -> None:
    """Tell how the home is doing; exit 1 if a source needs a look.

    Example: blotter status
    """
    with Store(_existing(home).work_db) as store:
        found = home_status(store.db, home, now=now)
    for source in found.sources:
        click.echo(_line(source))
    click.echo(f"last run: {found.last_run}")
    click.echo("disk: " + ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in found.sizes.items() if size))
    click.echo(", ".join(f"{number} {name}" for name, number in found.counts.items()))
    raise SystemExit(int(any(source.needs_a_look for source in found.sources)))


@click.command()
@home_option
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(home: Home, file: Path | None) -> None:
    """Run every gate and invariant on the home, or on a published FILE; exit 1 if one does not hold.

    Example: blotter check
    """
    found = check_file(file) if file else check_home(_existing(home))
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} findings" if found else "all is well")
    raise SystemExit(int(bool(found)))


@click.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", is_flag=True, help="List every key that was added, changed or removed.")
def diff(old: Path, new: Path, keys: bool) -> None:
    """Tell what changed between two published files.

    Example: blotter diff releases/2026-03-01.1/blotter.db releases/latest/blotter.db
    """
    found = file_diff(old, new)
    for line in told(found):
        click.echo(line)
    for one in found if keys else ():
        for number, reason in [*((key, "added") for key in one.added), *((key, "changed") for key in one.changed)]:
            click.echo(f"{one.table} {number}: {reason}")
        for number, reason in one.removed:
            click.echo(f"{one.table} {number}: removed, {reason}")
    if not found:
        click.echo("no fact differs")


@click.command()
@home_option
@now_option
@click.argument("action", type=click.Choice(list(NEEDS)))
@click.argument("words", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason, for readers.")
@click.option("--who", default=getpass.getuser, show_default="your login name", help="Who decides.")
def correct(home: Home, now: datetime, action: str, words: tuple[str, ...], why: str, who: str) -> None:
    """Write a decision into corrections.yml; the next publish applies it.

    \b
    reject FACT          confirm FACT              set FACT FIELD VALUE
    set article:ID FIELD VALUE                     set incident:SLUG FIELD VALUE
    merge SLUG INTO      split SLUG NAME INTO      rename SLUG NAME     alias SLUG NAME
    move ARTICLE INCIDENT INTO                     merge_incidents SLUG INTO

    Example: blotter correct set 8512030049912345 status found --why "the court's order"
    """
    with home.lock(), Store(_existing(home).work_db) as store:
        correction = decision(store.db, action, words, why=why, who=who, on=now.date())
        add_correction(home.corrections, correction)
    click.echo(f"wrote {action} of {correction.target} to {home.corrections}; blotter publish shows it")


def _existing(home: Home) -> Home:
    if not home.work_db.exists():
        raise Refusal(f"{home.path}: no work.db here; run blotter crawl or blotter add first")
    return home


def _line(source: SourceHealth) -> str:
    words = f"{source.id:<24} {source.state:<13} last ok {source.ok_at or 'never':<20} {source.articles:>6} articles"
    return f"{words}  {source.why}".rstrip()


COMMANDS = (publish, serve, status, check, correct, diff)
