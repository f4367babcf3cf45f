"""The command line of Blotter: joins the crawler, the extractor and the store."""

import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from crawler.commands import contact_option, network_option, picked, sources_option
from crawler.commands import sources as sources_command
from crawler.demo.web import serve_web
from crawler.settings import build_settings
from crawler.sources import Source, load_sources
from data.commands import COMMANDS, home_option, quiet_option
from data.home import Home, Refusal
from data.serve import serve_meanwhile
from data.times import Clock
from extract.model import DEFAULT_MODEL

if TYPE_CHECKING:
    from runs import Run

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]


def main() -> None:
    """Run the command line; the one place that turns errors into exit codes, and says who may read what is written."""
    os.umask(os.umask(0o077) | 0o027)  # owner and group, or fewer if the user wants it so
    try:
        cli()
    except Exception as error:
        if isinstance(error, _refusals()):
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)
        traceback.print_exc()
        click.echo("This is a bug in Blotter; what was stored before is still there.", err=True)
        sys.exit(70)


def _refusals() -> tuple[type[Exception], ...]:
    """What says in one line that something was asked for wrongly, or that a file of ours is wrong."""
    from crawler.archive import ArchiveError
    from crawler.inputs import InputError
    from crawler.settings import SettingsError
    from crawler.sources import SourceError
    from extract.model import ModelError
    from extract.vocabulary import LexiconError
    from extract.workers import DaskError

    return ArchiveError, DaskError, InputError, LexiconError, ModelError, SettingsError, SourceError


def running(home: Home, command: str, clock: Clock, *, quiet: bool) -> AbstractContextManager["Run"]:
    """One run, as `runs.running` has it."""
    import runs  # here, as `--help` and many verbs need neither the crawler nor the extractor

    return runs.running(home, command, clock, quiet=quiet)


@click.group()
@click.version_option(package_name="ai-blotter")
def cli() -> None:
    """A news and incident knowledge base for AI policy."""


for command in (*COMMANDS, sources_command):
    cli.add_command(command)


@cli.result_callback()
def _exit(code: int | None) -> None:
    sys.exit(code or 0)


def _moment(_context: click.Context, _option: click.Parameter, value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value else None


def _clock(_context: click.Context, _option: click.Parameter, value: datetime | None) -> Clock:
    return partial(_same, value.replace(tzinfo=UTC)) if value else partial(datetime.now, UTC)


def _same(moment: datetime) -> datetime:
    return moment


cron_option = click.option("--quiet", "-q", is_flag=True, help="Print nothing while all is well.")
clock_option = click.option("--now", "clock", hidden=True, type=click.DateTime(MOMENTS), callback=_clock)
model_option = click.option(
    "--model", envvar="BLOTTER_MODEL", default=DEFAULT_MODEL, show_default=True, metavar="NAME", help="The spaCy model."
)
workers_option = click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), metavar="N",
                              help="Read in so many processes.")  # fmt: skip
crawl_options = (
    click.option("--source", "source_ids", multiple=True, metavar="ID", help="Only this source; may be repeated."),
    sources_option,
    contact_option,
    network_option,
    click.option("--all-due", is_flag=True, help="Ask every source now, due or not."),
    click.option("--budget", type=click.FloatRange(min=1), metavar="SECONDS", help="Stop after this long."),
)  # fmt: skip


def with_crawl_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say what is crawled, and as whom."""
    for option in reversed(crawl_options):
        command = option(command)
    return command


@cli.command()
@home_option
@with_crawl_options
@cron_option
@clock_option
def crawl(
    home: Home, contact: str, networks: tuple[str, ...], files: tuple[Path, ...], quiet: bool, clock: Clock,
    **wanted: Any,
) -> int:  # fmt: skip
    """Fetch articles that are not yet known from the sources in sources.yml.

    Example: blotter crawl --contact desk@newsroom.example --source ftc
    """
    sources, settings = _sources(files, wanted["source_ids"]), build_settings(contact, networks)
    with running(home, "crawl", clock, quiet=quiet) as run:
        run.crawl(sources, settings, **wanted)
    return run.exit_code


@cli.command()
@click.argument("inputs", nargs=-1, metavar="URL|FILE|-...")
@home_option
@click.option(
    "--cc-news",
    "path_list",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Add what the WARC files in this path list of Common Crawl's news hold of the sources, on AI policy.",
)
@click.option("--source", "source_ids", multiple=True, metavar="ID", help="With --cc-news: only this source.")
@sources_option
@click.option("--url", metavar="URL", help="The address of the one file given.")
@click.option("--fetched", type=click.DateTime(MOMENTS), callback=_moment, help="When the files were fetched (UTC).")
@contact_option
@network_option
@quiet_option
@clock_option
def add(
    inputs: tuple[str, ...], home: Home, path_list: Path | None, source_ids: tuple[str, ...], files: tuple[Path, ...],
    url: str | None, fetched: datetime | None, contact: str, networks: tuple[str, ...], quiet: bool, clock: Clock,
) -> int:  # fmt: skip
    """Add articles by hand: addresses, saved pages, plain texts, WARC files; - reads lines of URL or URL<TAB>FILE.

    Example: blotter add page.html --url https://paper.example/story --fetched 2024-10-15
    """
    from crawler.backfill import listed
    from crawler.inputs import addresses, given

    if not (inputs or path_list):
        raise Refusal("add: expected an address, a file or --cc-news")
    found = given(inputs, url=url, listed=sys.stdin)
    urls = tuple(addresses(found))
    warcs = listed(path_list) if path_list else []
    sources = _sources(files, source_ids) if path_list else {}
    wanted = {name: source for name, source in sources.items() if not source_ids or name in source_ids}
    settings = build_settings(contact, networks) if urls or any(warc.url for warc in warcs) else {}
    with running(home, "add", clock, quiet=quiet) as run:
        if found:
            run.add(found, fetched=fetched)
        if urls:
            run.fetch(urls, settings)
        if warcs:
            run.backfill(warcs, wanted, contact=contact, networks=networks)
    return run.exit_code


@cli.command()
@home_option
@model_option
@workers_option
@click.option("--dask", metavar="ADDRESS", help="Read on this Dask cluster, or on N processes with local:N.")
@click.option("--all", "everything", is_flag=True, help="Read again what this version has read before.")
@quiet_option
@clock_option
def extract(
    home: Home, model: str, workers: int, dask: str | None, everything: bool, quiet: bool, clock: Clock
) -> int:  # fmt: skip
    """Find companies, projects, people, quotes and violations in the articles, and group them into incidents.

    Example: blotter extract --workers 2
    """
    with running(home, "extract", clock, quiet=quiet) as run:
        run.extract(model, workers=workers, dask=dask, everything=everything)
    return run.exit_code


@cli.command()
@home_option
@with_crawl_options
@model_option
@workers_option
@click.option("--on-change", "command", metavar="CMD", help="Hand what is new to this command, a line each.")
@cron_option
@clock_option
def refresh(
    home: Home, contact: str, networks: tuple[str, ...], files: tuple[Path, ...], model: str, workers: int,
    command: str | None, quiet: bool, clock: Clock, **wanted: Any,
) -> int:  # fmt: skip
    """Crawl, extract and publish under one lock: the line for cron.

    Example: blotter refresh --quiet --home /srv/blotter --contact desk@newsroom.example
    """
    sources, settings = _sources(files, wanted["source_ids"]), build_settings(contact, networks)
    with running(home, "refresh", clock, quiet=quiet) as run:
        run.crawl(sources, settings, **wanted)
        run.extract(model, workers=workers)
        run.publish()
        if command:
            run.tell_changes(command)
    return run.exit_code


@cli.command()
@home_option
@click.option("--from", "origin", type=click.Choice(["texts", "archive"]), default="texts", show_default=True,
              help="Begin with the texts as they are, or read them from the archived pages first.")  # fmt: skip
@model_option
@workers_option
@quiet_option
@clock_option
def rebuild(home: Home, origin: str, model: str, workers: int, quiet: bool, clock: Clock) -> int:
    """Make all facts, groups and the published file again, without the network: the same input gives the same bytes.

    Example: blotter rebuild --from archive
    """
    if not home.work_db.exists():
        raise Refusal(f"{home.path}: nothing to rebuild; run blotter crawl or blotter add first")
    with running(home, "rebuild", clock, quiet=quiet) as run:
        if origin == "archive":
            run.read_again()
        run.forget()
        run.extract(model, workers=workers, everything=True)
        run.publish()
    return run.exit_code


@cli.command()
@click.option("--home", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Keep the demo's files there; otherwise they go when it ends.")  # fmt: skip
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Where Datasette listens.")
@click.option("--no-serve", is_flag=True, help="Stop before Datasette is started.")
@model_option
@quiet_option
def demo(folder: Path | None, port: int, no_serve: bool, model: str, quiet: bool) -> int:
    """Crawl a small invented news web on this machine twice, and browse what is found in it.

    Example: blotter demo --no-serve --home /tmp/demo
    """
    with TemporaryDirectory(prefix="blotter-demo-") as temporary:
        home = Home(folder or Path(temporary))
        code = _visit_twice(home, model, quiet=quiet)
        if not no_serve:
            click.echo(f"Browse it at http://127.0.0.1:{port}/ and press Ctrl-C to end.")
            serve_meanwhile(home.public_db, port=port)
    return code


def _visit_twice(home: Home, model: str, *, quiet: bool) -> int:
    """Crawl, extract and publish the invented news web, two hours apart, so that an article changes in between."""
    now = datetime.now(UTC)
    settings = build_settings("demo@blotter.example", ["127.0.0.0/8"]) | {"DOWNLOAD_DELAY": 0}
    codes = []
    with serve_web(lambda: now) as web:
        for moment in (now - timedelta(hours=2), now):
            with running(home, "demo", partial(_same, moment), quiet=quiet) as run:
                run.crawl(web.sources(), settings, source_ids=(), all_due=True, budget=None)
                run.extract(model)
                run.publish()
            codes.append(run.exit_code)
            web.second_visit()
    return max(codes)


def _sources(files: Sequence[Path], source_ids: Sequence[str]) -> Mapping[str, Source]:
    found = load_sources(*files)
    picked(found, source_ids)
    return found


if __name__ == "__main__":
    main()
