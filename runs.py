"""What one run does across the wings: it crawls, adds, extracts and publishes, and tells what came of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from crawler.archive import ArchiveError
from crawler.backfill import WarcFile, fetch_file, hosts, pages
from crawler.inputs import (
    Given,
    InputError,
    LaterPages,
    Saved,
    archived_page,
    archiving,
    digest,
    read_if_any,
    read_saved,
    saved_pages,
    words_of,
)  # fmt: skip
from crawler.items import Article, Failure, Fetch, Queue
from crawler.pages import PageError
from crawler.pages.parts import followed, joined
from crawler.reading import Reader
from crawler.report import CrawlReport
from crawler.sources import Source
from data.articles import Reread
from data.backfills import Backfill
from data.compaction import join_archive
from data.digest import news, tell
from data.fetched import Fetched
from data.gates import GateRefusal
from data.health import new_troubles, troubles
from data.home import Home, Refusal
from data.progress import progress
from data.publish import publish
from data.refused import drop_refused
from data.status import idle_corrections
from data.store import Store
from data.times import Clock
from extract.facts import Reading, Unread
from extract.language import language
from extract.relevance import may_be_relevant, relevance
from extract.version import extracted_with
from extract.vocabulary import Lexicon, load_lexicon
from extract.workers import readings
from grouping import regroup

NOTED = 200
"""Answers of a WARC file after which it is noted how far it was read, if nothing of them was kept."""
AT_ONCE = 16
"""Texts whose readings are written in one transaction; a run that is killed has these to read again, and those that
were parsed with them."""
CRON = ("crawl", "refresh")


@contextmanager
def running(home: Home, command: str, clock: Clock, *, quiet: bool) -> Iterator["Run"]:
    """One run under the home's lock: noted in the database, its counts printed, its exit code passed on.

    What cron runs says nothing if it is to be quiet and all is well, as cron mails whatever is said.
    """
    with home.lock(), Store(home.work_db) as store:
        number = store.start_run(command, now=clock())
        run = Run(number, home, store, clock, quiet=quiet)
        try:
            yield run
        except GateRefusal as refused:
            click.echo(f"Error: {refused}", err=True)
            run.needs(3)
        drop_refused(store.db, home.archive)
        join_archive(store.db, home.archive, now=clock())
        store.finish_run(number, exit_code=run.exit_code, counts=run.counts, report=run.report, now=clock())
    is_silent = quiet and command in CRON and not run.exit_code
    for line in () if is_silent else run.lines:
        click.echo(line)


class Run:
    """What the verbs do that cross the wings, with the counts of it."""

    def __init__(self, number: int, home: Home, store: Store, clock: Clock, *, quiet: bool) -> None:
        self.exit_code = 0
        self.counts: Counter[str] = Counter()
        self.lines: list[str] = []
        self.report: dict[str, object] = {}
        """Of the crawl, if there was one: reasons of failures, what each source gave, bytes, seconds."""
        self._number, self._home, self._store, self._clock, self._quiet = number, home, store, clock, quiet
        self._begun = clock()
        self._found: list[str] = []
        """What has come to need a look."""

    def needs(self, code: int) -> None:
        """Remember the most serious of the exit codes."""
        self.exit_code = max(self.exit_code, code)

    def crawl(
        self, sources: Mapping[str, Source], settings: Mapping[str, Any], *, source_ids: Sequence[str], all_due: bool,
        budget: float | None,
    ) -> None:  # fmt: skip
        """Fetch what is due; what has come to need a look is told once, and stands in the status as long as it does."""
        before = troubles(self._store.db, now=self._clock())
        self._store.register_sources(sources.values(), now=self._clock())
        queue = self._store.queue(source_ids=source_ids, all_due=all_due)
        asked = source_ids or [id for id, source in sources.items() if source.enabled]
        self._fetch(queue, sources, settings, what="crawling", budget=budget, of=len(asked))
        self._tell_trouble(new_troubles(self._store.db, before, now=self._clock()))

    def fetch(self, urls: Sequence[str], settings: Mapping[str, Any]) -> None:
        """Fetch these addresses."""
        queue = self._store.queue_of(urls, now=self._clock())
        report = self._fetch(queue, {}, settings, what="fetching", budget=None, show_failures=True)
        self._needs_a_look(failed=sum(report.failures.values()), of=len(urls))

    def add(self, items: Sequence[Given], *, fetched: datetime | None) -> None:
        """Read the files among the items; one that is no article is noted as a failure, and the rest goes on."""
        kept: Counter[str] = Counter()
        now, later = self._clock(), LaterPages()
        with (
            Reader() as reader,
            archiving(self._home.archive, now=now, forbids=self._store.queue().forbids) as keep,
            progress("reading", quiet=self._quiet) as step,
        ):
            for page in saved_pages(items, later, fetched=fetched):
                try:
                    first = read_saved(page, reader)
                    parts = later.taken_by(first, reader)
                    article = joined(first, [part for _, part in parts.values()])
                    came = self._store.add_article(article, now=now)
                    for url, (saved, part) in {article.url: (page, article), **parts}.items():
                        if came != "removed" and not self._store.is_archived(url, digest(saved)):
                            self._store.log_fetch(replace(keep(saved, part), url=url))
                    kept[came] += 1
                except PageError as error:
                    self._fail(error)
                    kept["failures"] += 1
                step(page.name)
        self._tell("added", kept)
        self._needs_a_look(failed=kept["failures"], of=kept.total())

    def backfill(
        self, files: Sequence[WarcFile], sources: Mapping[str, Source], *, contact: str, networks: Sequence[str]
    ) -> None:
        """Add the articles on AI policy that WARC files hold of these sources, each file from where it was left."""
        wanted, lexicon = hosts(sources.values()), load_lexicon()
        total: Counter[str] = Counter(files=len(files))
        begun = self._clock()
        forbids = self._store.queue().forbids
        with Reader() as reader, archiving(self._home.archive, now=begun, forbids=forbids) as keep:
            for n, file in enumerate(files, 1):
                state = self._store.backfill_of(file.name)
                try:
                    if not state.is_done:
                        path = fetch_file(file, self._home.path / "backfill", contact=contact, allow_networks=networks)
                        self._backfill(path, state, wanted, lexicon, reader, keep)
                        if file.path is None:
                            path.unlink()
                except (ArchiveError, InputError) as error:
                    click.echo(f"{file.name}: {error}", err=True)
                    total["failures"] += 1
                total.update(answers=state.answers, pages=state.pages, articles=state.articles)
                if not self._quiet:
                    left = (self._clock() - begun) / n * (len(files) - n)
                    came = ", ".join(f"{total[what]} {what}" for what in ("answers", "pages", "articles"))
                    click.echo(f"backfill: {n} of {len(files)} files, {came}, about {left} left", err=True)
        self._tell("backfilled", total)
        self._needs_a_look(failed=total["failures"], of=len(files))

    def _backfill(
        self, path: Path, state: Backfill, wanted: frozenset[str], lexicon: Lexicon, reader: Reader,
        keep: Callable[[Saved, Article], Fetch],
    ) -> None:  # fmt: skip
        for step in pages(path, offset=state.offset, wanted=wanted):
            state.offset, state.answers = step.offset, state.answers + 1
            state.pages += step.page is not None
            if step.page and (article := _worth_keeping(step.page, lexicon, reader)):
                came = self._store.add_article(article, now=self._clock())
                if came != "removed" and not self._store.is_archived(article.url, digest(step.page)):
                    self._store.log_fetch(keep(step.page, article))
                state.articles += came == "new"
                self._store.keep_backfill(state)
            elif state.answers % NOTED == 0:
                self._store.keep_backfill(state)
        state.is_done = True
        self._store.keep_backfill(state)

    def read_again(self) -> None:
        """Read every article anew from the archive; one that cannot be read is named and stays as it was."""
        found: Counter[str] = Counter()
        with Reader() as reader, progress("reading", quiet=self._quiet) as step:
            for one in self._store.fetched_articles():
                came, why = self._read_again(one, reader)
                found[came] += 1
                if came == "lost":
                    self.lines.append(f"{one.url}: stays as it was: {why}")
                    self.needs(1)
                step(one.url)
        self._tell("read again", found)

    def _read_again(self, one: Fetched, reader: Reader) -> tuple[Reread, str]:
        """What came of the newest page from which the article can be read, and why nothing did."""
        why = "it is not in the archive"
        for answer in one.answers:
            try:
                place = self._home.archive, answer.warc_file, answer.warc_offset
                page = archived_page(*place, url=answer.url, fetched=one.fetched, link=one.link)
                article = self._with_later_pages(read_saved(page, reader), one, reader)
            except (InputError, PageError) as error:
                why = str(error)
                continue
            if article.id != one.article_id:
                why = f"it reads as {article.url} now"
            elif (came := self._store.replace_reading(article)) == "lost":
                why = "no text is read from its page now"
            else:
                return came, ""
        return "lost", why

    def _with_later_pages(self, first: Article, one: Fetched, reader: Reader) -> Article:
        """An article with those of its later pages that stand in the archive."""

        def read(url: str) -> Article | None:
            if not (answer := self._store.answer_at(url)):
                return None
            place = self._home.archive, answer.warc_file, answer.warc_offset
            return read_if_any(archived_page(*place, url=answer.url, fetched=one.fetched, link=one.link), reader)

        return joined(first, followed(first, read))

    def extract(self, model: str, *, workers: int = 1, dask: str | None = None, everything: bool = False) -> None:
        """Read the texts that this version has not read, and group the articles if there were any."""
        version = extracted_with(model)
        count = self._store.count_to_extract(version, all=everything)
        if not count and not self._store.was_interrupted(self._number):
            self._tell("extracted", {})
            return
        lexicon = load_lexicon()
        self._store.sync_entities(lexicon.entities())
        found: Counter[str] = Counter(articles=count)
        read: list[int] = []
        keys: set[int] = set()
        with progress("extracting", count, quiet=self._quiet) as step:
            texts = self._store.texts_to_extract(version, all=everything)
            come = iter(readings(texts, model=model, workers=workers, dask=dask))
            while batch := list(islice(come, AT_ONCE)):
                self._keep(batch, version)
                for reading in batch:
                    if isinstance(reading, Unread):
                        self._needs_a_look(failed=1, of=count)
                    else:
                        read.append(reading.article_id)
                        keys.update(key for its in reading.quote_keys for key in its)
                        found["relevant"] += reading.relevance.is_relevant
                        found.update(f"{type(fact).__name__.lower()}s" for fact in reading.facts)
                    step("")
        is_all = everything or self._store.was_interrupted(self._number) or self._store.is_small()
        regroup(self._store, lexicon, None if is_all else read, keys, now=self._clock())
        found["incidents"] = self._store.count_incidents()
        self._tell("extracted", found)

    def _keep(self, batch: Sequence[Reading | Unread], version: str) -> None:
        """Write what came of several texts."""
        self._store.keep_readings([r for r in batch if isinstance(r, Reading)], extracted_with=version)
        for unread in batch:
            if isinstance(unread, Unread):
                self._store.keep_unread(unread, extracted_with=version, now=self._clock())

    def forget(self) -> None:
        """Let go of all that can be made again."""
        self._store.forget_derived()

    def publish(self) -> None:
        """Build what readers see, and put it in place; a correction that has come to change nothing is told once."""
        before = idle_corrections(self._home)
        report = publish(self._home)
        shown = ("articles", "incidents", "violations", "quotes", "names")
        self._tell("published" if report.is_changed else "nothing new to publish", {k: report.counts[k] for k in shown})
        self._tell_trouble([f"correction {line}" for line in idle_corrections(self._home) if line not in before])

    def tell_changes(self, command: str) -> None:
        """Hand what is new since the run began, and what needs a look, to the operator's command."""
        try:
            if lines := [*news(self._home, since=self._begun), *self._found]:
                tell(command, lines)
        except Refusal as refused:  # what was done is done
            self.lines.append(str(refused))
            self.needs(1)

    def _fetch(
        self, queue: Queue, sources: Mapping[str, Source], settings: Mapping[str, Any], *, what: str,
        budget: float | None, show_failures: bool = False, of: int = 1,
    ) -> CrawlReport:  # fmt: skip
        """Let the crawler work; its counts become a line of the run. ``of`` so many sources it asks those that are due.

        One source of several that cannot be reached says nothing of the network.
        """
        from crawler.run import crawl  # here, as a run that fetches nothing needs no Scrapy

        def failed(failure: Failure) -> None:
            if show_failures:
                click.echo(f"{failure.url}: {failure.reason}: {failure.detail}", err=True)
            step(failure.url)

        def polled(source_id: str, new: int) -> None:
            if not self._quiet:
                click.echo(f"{source_id}: {new} new links", err=True)

        with progress(what, quiet=self._quiet) as step:
            report = crawl(
                queue, sources=sources, archive=self._home.archive, settings=settings, now=self._clock, budget=budget,
                on_article=lambda article: step(article.url), on_failure=failed, on_poll=polled,
            )  # fmt: skip
        self._tell("crawled", report.counts)
        self.report = report.record
        if report.interrupted:
            self.lines.append("stopped before its end; what is left waits for the next run")
        if crashed := report.failures.get("read_crashed"):
            self.lines.append(f"{crashed} pages ended the process that read them; blotter why URL says how")
            self.needs(1)
        silent = sum(bool(count.failures) for count in report.sources.values())
        if report.requests and not report.answers and (silent > 1 or of == 1):
            self.lines.append("nothing could be reached: is there a network?")
            self.needs(3)
        return report

    def _tell_trouble(self, found: Sequence[str]) -> None:
        """Tell what has come to need a look in this run."""
        self._found += found
        self.lines += found
        if found:
            self.needs(1)

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


def _worth_keeping(page: Saved, lexicon: Lexicon, reader: Reader) -> Article | None:
    """The article on a page if it is in English and on AI policy; what cannot be is not read."""
    words = words_of(page)
    if language(words) not in (None, "en") or not may_be_relevant(words, lexicon):
        return None
    if not (article := read_if_any(page, reader)):
        return None
    is_read = language(article.text or article.title) in (None, "en")
    return article if is_read and relevance(article.title, article.text, lexicon).is_relevant else None
