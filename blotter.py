"""The command line of Blotter: joins the crawler, the extractor and the store."""

import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crawler.archive import ArchiveError
from crawler.commands import contact_option, picked, sources_option
from crawler.commands import sources as sources_command
from crawler.demo.web import serve_web
from crawler.inputs import Given, InputError, addresses, given, read_saved, saved_pages
from crawler.items import Failure, Queue
from crawler.pages import PageError
from crawler.reading import Reader
from crawler.report import CrawlReport
from crawler.run import crawl as run_crawler
from crawler.settings import SettingsError, build_settings
from crawler.sources import Source, SourceError, load_sources
from data.commands import COMMANDS, home_option
from data.gates import GateRefusal
from data.home import Home
from data.publish import publish
from data.serve import serve_command
from data.status import status
from data.store import Store
from extract.incidents import group
from extract.pipeline import DEFAULT_MODEL, ModelError, build_pipeline, read
from extract.syndication import copies
from extract.version import extracted_with
from extract.vocabulary import LexiconError, load_lexicon

Clock = Callable[[], datetime]
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]
EVERY = 50
"""Plain progress: a line each so many steps."""


def main() -> None:
    """Run the command line; the one place that turns errors into exit codes."""
    try:
        cli()
    except (ArchiveError, InputError, LexiconError, ModelError, SettingsError, SourceError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except Exception:
        traceback.print_exc()
        click.echo("This is a bug in Blotter; what was stored before is still there.", err=True)
        sys.exit(70)


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


quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print the line of counts alone.")
clock_option = click.option("--now", "clock", hidden=True, type=click.DateTime(MOMENTS), callback=_clock)
model_option = click.option(
    "--model", envvar="BLOTTER_MODEL", default=DEFAULT_MODEL, show_default=True, metavar="NAME", help="The spaCy model."
)
network_option = click.option("--allow-network", "networks", multiple=True, hidden=True)  # for tests on loopback
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
@quiet_option
@clock_option
def crawl(
    home: Home, contact: str, networks: tuple[str, ...], files: tuple[Path, ...], quiet: bool, clock: Clock,
    **wanted: Any,
) -> int:  # fmt: skip
    """Fetch articles that are not yet known from the sources in sources.yml.

    Example: blotter crawl --contact desk@newsroom.example --source ftc
    """
    sources, settings = _sources(files, wanted["source_ids"]), build_settings(contact, networks)
    with _run(home, "crawl", clock, quiet=quiet) as run:
        run.crawl(sources, settings, **wanted)
    return run.exit_code


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="URL|FILE|-...")
@home_option
@click.option("--url", metavar="URL", help="The address of the one file given.")
@click.option("--fetched", type=click.DateTime(MOMENTS), callback=_moment, help="When the files were fetched (UTC).")
@contact_option
@network_option
@quiet_option
@clock_option
def add(
    inputs: tuple[str, ...], home: Home, url: str | None, fetched: datetime | None, contact: str,
    networks: tuple[str, ...], quiet: bool, clock: Clock,
) -> int:  # fmt: skip
    """Add articles by hand: addresses, saved pages, plain texts, WARC files; - reads lines of URL or URL<TAB>FILE.

    Example: blotter add page.html --url https://paper.example/story --fetched 2024-10-15
    """
    found = given(inputs, url=url, listed=sys.stdin)
    urls = tuple(addresses(found))
    settings = build_settings(contact, networks) if urls else {}
    with _run(home, "add", clock, quiet=quiet) as run:
        run.add(found, fetched=fetched)
        if urls:
            run.fetch(urls, settings)
    return run.exit_code


@cli.command()
@home_option
@model_option
@click.option("--all", "everything", is_flag=True, help="Read again what this version has read before.")
@quiet_option
@clock_option
def extract(home: Home, model: str, everything: bool, quiet: bool, clock: Clock) -> int:
    """Find companies, projects, people, quotes and violations in the articles, and group them into incidents.

    Example: blotter extract --model en_core_web_lg
    """
    with _run(home, "extract", clock, quiet=quiet) as run:
        run.extract(model, everything=everything)
    return run.exit_code


@cli.command()
@home_option
@with_crawl_options
@model_option
@quiet_option
@clock_option
def refresh(
    home: Home, contact: str, networks: tuple[str, ...], files: tuple[Path, ...], model: str, quiet: bool,
    clock: Clock, **wanted: Any,
) -> int:  # fmt: skip
    """Crawl, extract and publish under one lock: the line for cron.

    Example: blotter refresh --quiet --home /srv/blotter --contact desk@newsroom.example
    """
    sources, settings = _sources(files, wanted["source_ids"]), build_settings(contact, networks)
    with _run(home, "refresh", clock, quiet=quiet) as run:
        run.crawl(sources, settings, **wanted)
        run.extract(model, everything=False)
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
            with suppress(KeyboardInterrupt):
                subprocess.run(serve_command(home.public_db, host="127.0.0.1", port=port), check=False)
    return code


def _visit_twice(home: Home, model: str, *, quiet: bool) -> int:
    """Crawl, extract and publish the invented news web, two hours apart, so that an article changes in between."""
    now = datetime.now(UTC)
    settings = build_settings("demo@blotter.example", ["127.0.0.0/8"]) | {"DOWNLOAD_DELAY": 0}
    codes = []
    with serve_web(lambda: now) as web:
        for moment in (now - timedelta(hours=2), now):
            with _run(home, "demo", partial(_same, moment), quiet=quiet) as run:
                run.crawl(web.sources(), settings, source_ids=(), all_due=True, budget=None)
                run.extract(model, everything=False)
                run.publish()
            codes.append(run.exit_code)
            web.second_visit()
    return max(codes)


def _sources(files: Sequence[Path], source_ids: Sequence[str]) -> Mapping[str, Source]:
    found = load_sources(*files)
    picked(found, source_ids)
    return found


@contextmanager
def _run(home: Home, command: str, clock: Clock, *, quiet: bool) -> Iterator["Run"]:
    """One run under the home's lock: noted in the database, its counts printed, its exit code passed on."""
    with home.lock(), Store(home.work_db) as store:
        number = store.start_run(command, now=clock())
        run = Run(number, home, store, clock, quiet=quiet)
        try:
            yield run
        except GateRefusal as refused:
            click.echo(f"Error: {refused}", err=True)
            run.needs(3)
        store.finish_run(number, exit_code=run.exit_code, counts=run.counts, now=clock())
    for line in run.lines:
        click.echo(line)


class Run:
    """What the verbs do that cross the wings, with the counts of it."""

    def __init__(self, number: int, home: Home, store: Store, clock: Clock, *, quiet: bool) -> None:
        self.exit_code = 0
        self.counts: Counter[str] = Counter()
        self.lines: list[str] = []
        self._number, self._home, self._store, self._clock, self._quiet = number, home, store, clock, quiet

    def needs(self, code: int) -> None:
        """Remember the most serious of the exit codes."""
        self.exit_code = max(self.exit_code, code)

    def crawl(
        self, sources: Mapping[str, Source], settings: Mapping[str, Any], *, source_ids: Sequence[str], all_due: bool,
        budget: float | None,
    ) -> None:  # fmt: skip
        """Fetch what is due."""
        self._store.register_sources(sources.values(), now=self._clock())
        queue = self._store.queue(source_ids=source_ids, all_due=all_due)
        self._fetch(queue, sources, settings, what="crawling", budget=budget)
        for source in status(self._store.db, self._home, now=self._clock()).sources:
            if source.needs_a_look:
                self.lines.append(f"{source.id}: {source.state}: {source.why}")
                self.needs(1)

    def fetch(self, urls: Sequence[str], settings: Mapping[str, Any]) -> None:
        """Fetch these addresses."""
        queue = self._store.queue_of(urls, now=self._clock())
        report = self._fetch(queue, {}, settings, what="fetching", budget=None, show_failures=True)
        self._needs_a_look(failed=sum(report.failures.values()), of=len(urls))

    def add(self, items: Sequence[Given], *, fetched: datetime | None) -> None:
        """Read the files among the items; one that is no article is noted as a failure, and the rest goes on."""
        kept: Counter[str] = Counter()
        with Reader() as reader, self._progress("reading", None) as step:
            for page in saved_pages(items, fetched=fetched, archive=self._home.archive, now=self._clock()):
                try:
                    kept[self._store.add_article(read_saved(page, reader), now=self._clock())] += 1
                except PageError as error:
                    self._fail(error)
                    kept["failures"] += 1
                step(page.name)
        self._tell("added", kept)
        self._needs_a_look(failed=kept["failures"], of=kept.total())

    def extract(self, model: str, *, everything: bool) -> None:
        """Read the texts that this version has not read, and group the articles if there were any."""
        version = extracted_with(model)
        count = self._store.count_to_extract(version, all=everything)
        if not count and not self._store.was_interrupted(self._number):
            self._tell("extracted", {})
            return
        lexicon = load_lexicon()
        nlp = build_pipeline(lexicon, model)
        self._store.sync_entities(lexicon.entities())
        found: Counter[str] = Counter(articles=count)
        with self._progress("extracting", count) as step:
            for reading in read(nlp, lexicon, self._store.texts_to_extract(version, all=everything)):
                self._store.keep_reading(reading, extracted_with=version)
                found["relevant"] += reading.relevance.is_relevant
                found.update(f"{type(fact).__name__.lower()}s" for fact in reading.facts)
                step("")
        self._store.keep_copies(copies(self._store.stories(with_copies=True)))
        self._store.promote_entities()
        self._store.keep_incidents(group(self._store.stories(), self._store.incidents()), now=self._clock())
        found["incidents"] = len(self._store.incidents())
        self._tell("extracted", found)

    def publish(self) -> None:
        """Build what readers see, and put it in place."""
        report = publish(self._home)
        shown = ("articles", "incidents", "violations", "quotes", "entities")
        self._tell("published" if report.is_changed else "nothing new to publish", {k: report.counts[k] for k in shown})

    def _fetch(
        self, queue: Queue, sources: Mapping[str, Source], settings: Mapping[str, Any], *, what: str,
        budget: float | None, show_failures: bool = False,
    ) -> CrawlReport:  # fmt: skip
        """Let the crawler work; its counts become a line of the run."""

        def failed(failure: Failure) -> None:
            if show_failures:
                click.echo(f"{failure.url}: {failure.reason}: {failure.detail}", err=True)
            step(failure.url)

        with self._progress(what, None) as step:
            report = run_crawler(
                queue, sources=sources, archive=self._home.archive, settings=settings, now=self._clock, budget=budget,
                on_article=lambda article: step(article.url), on_failure=failed,
            )  # fmt: skip
        self._tell("crawled", report.counts)
        if crashed := report.failures.get("read_crashed"):
            self.lines.append(f"{crashed} pages ended the process that read them; blotter why URL says how")
            self.needs(1)
        if report.requests and not report.answers:
            self.lines.append("nothing could be reached: is there a network?")
            self.needs(3)
        return report

    def _needs_a_look(self, *, failed: int, of: int) -> None:
        if failed:
            self.needs(3 if failed == of else 1)

    def _fail(self, error: PageError) -> None:
        self._store.add_failure(
            Failure(url=error.url, stage="read", reason=error.reason, detail=error.detail, at=self._clock())
        )
        click.echo(f"{error.url}: {error.reason}: {error.detail}", err=True)

    def _tell(self, done: str, counts: Mapping[str, int]) -> None:
        self.counts.update(counts)
        self.lines.append(f"{done}: " + (", ".join(f"{n} {name}" for name, n in counts.items() if n) or "nothing"))

    @contextmanager
    def _progress(self, what: str, total: int | None) -> Iterator[Callable[[str], None]]:
        """A bar on a terminal, plain lines elsewhere, nothing if quiet."""
        console = Console(stderr=True)
        if self._quiet or not console.is_terminal:
            yield _plain(what, total) if not self._quiet else lambda _: None
            return
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, TextColumn("{task.fields[at]}"), console=console, transient=True) as bar:
            task = bar.add_task(what, total=total, at="")
            yield lambda at: bar.update(task, advance=1, at=at[-60:])


def _plain(what: str, total: int | None) -> Callable[[str], None]:
    done = 0

    def step(at: str) -> None:
        nonlocal done
        done += 1
        if done % EVERY == 0 or done == total:
            click.echo(f"{what}: {done}{f' of {total}' if total else ''} {at}".rstrip(), err=True)

    return step


if __name__ == "__main__":
    main()
