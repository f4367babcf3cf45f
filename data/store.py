"""The work database: every read and write of crawler and extractor goes through `Store`."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

from sqlite_utils import Database

from crawler.items import Article, Failure, Fetch
from data import articles, entities, incidents, quotes, readings
from data.articles import Kept, Reread
from data.backfills import Backfill, backfill_of, keep_backfill
from data.fetched import Answer, Fetched, answer_at, fetched_articles, is_archived
from data.home import Refusal, touch
from data.housekeeping import tidy
from data.migrations import upgrade
from data.queue import LeaseQueue, add_job, host_of, log_failure
from data.rows import Row
from data.schema import TABLES
from data.scope import copies_of, is_small, scope, sketches
from data.times import stamp
from extract.facts import (
    Contradiction,
    Copy,
    Entity,
    FiledQuote,
    Incident,
    QuoteGroup,
    Reading,
    Sketches,
    Story,
    Text,
    Unread,
)  # fmt: skip


class SourceRecord(Protocol):
    """What the store keeps of an entry of sources.yml."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def tier(self) -> str: ...
    @property
    def expect_min(self) -> int: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...


class Store:
    """One open work.db.

    >>> with Store(":memory:") as store:
    ...     store.counts()["articles"]
    0
    """

    def __init__(self, path: Path | str) -> None:
        """Opens the file, made if it is missing; refuses what is no database of ours."""
        self.path = Path(path)
        if path != ":memory:":
            touch(self.path)
        self.db = Database(sqlite3.connect(path, timeout=30))
        try:
            self.db.conn.execute("pragma journal_mode = wal")
            self.db.conn.execute("pragma synchronous = normal")
            self.db.conn.execute("pragma secure_delete = on")
            self.db.conn.execute("pragma cache_size = -65536")  # 64 MB: ids are hashes, so writes go everywhere
            upgrade(self.db, self.path)
            self.db.conn.execute("pragma foreign_keys = on")
        except sqlite3.DatabaseError as error:
            self.db.close()
            raise Refusal(f"{self.path}: cannot be used as work.db: {error}") from None
        self._known: readings.Known | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    # -- crawling -----------------------------------------------------------------------------------------------------

    def register_sources(self, sources: Iterable[SourceRecord], *, now: datetime) -> None:
        """Keep the list of sources; those enabled get a poll in the queue, the others lose theirs."""
        with self.db.atomic():
            for sql in _SETTLE_CLOCK:
                self.db.execute(sql, {"now": stamp(now), "soon": stamp(now + CLOCKS_DIFFER)})
            self.db.execute("update sources set is_active = 0")
            for source in sources:
                self.db.execute(_KEEP_SOURCE, _source_row(source))
                if source.enabled:
                    self.db.execute(_MOVE_POLL, {"id": source.id, "url": source.url, "host": host_of(source.url)})
                    add_job(self.db, "poll", source.url, source_id=source.id, now=now)
            self.db.execute(_DROP_POLLS)

    def queue(self, *, source_ids: Sequence[str] = (), all_due: bool = False) -> LeaseQueue:
        """The work of these sources, or of all; with ``all_due`` every poll is due now."""
        return LeaseQueue(self.db, source_ids=source_ids, all_due=all_due)

    def queue_of(self, urls: Sequence[str], *, now: datetime) -> LeaseQueue:
        """The work of these addresses alone, all due now."""
        with self.db.atomic():
            for url in urls:
                if not add_job(self.db, "article", url, source_id=None, now=now):
                    self.db.execute("update jobs set due_at = ? where kind = 'article' and url = ?", [stamp(now), url])
        return LeaseQueue(self.db, urls=urls)

    def add_article(self, article: Article, *, now: datetime) -> Kept:
        """Store an article that came by hand: new, changed, unchanged, or removed and therefore not stored."""
        return articles.keep_article(self.db, article, now=now)

    def backfill_of(self, name: str) -> Backfill:
        """How far the WARC file of that name was read."""
        return backfill_of(self.db, name)

    def keep_backfill(self, found: Backfill) -> None:
        """Note how far a WARC file was read."""
        keep_backfill(self.db, found)

    def log_fetch(self, fetch: Fetch) -> None:
        """Note where the page of an article that came by hand stands in the archive."""
        LeaseQueue(self.db).log_fetch(fetch)

    def is_archived(self, url: str, sha256: str) -> bool:
        """Whether these bytes stand in the archive as an answer of this address."""
        return is_archived(self.db, url, sha256)

    def answer_at(self, url: str) -> Answer | None:
        """The newest page in the archive that an address answered with."""
        return answer_at(self.db, url)

    def fetched_articles(self) -> Iterator[Fetched]:
        """Every article that is not removed, with what it can be read from again."""
        return fetched_articles(self.db)

    def replace_reading(self, article: Article) -> Reread:
        """Put a new reading of what was fetched in the place of the old one."""
        return articles.replace_reading(self.db, article)

    def add_failure(self, failure: Failure) -> None:
        """Note an address or file from which no article came."""
        with self.db.atomic():
            log_failure(self.db, failure)

    # -- extraction ---------------------------------------------------------------------------------------------------

    def sync_entities(self, records: Iterable[Entity]) -> None:
        """Make the reviewed entities those of the lexicon."""
        entities.sync_entities(self.db, records)
        self._known = None

    def count_to_extract(self, extracted_with: str, *, all: bool = False) -> int:
        """How many texts `texts_to_extract` gives."""
        return len(readings.articles_to_extract(self.db, extracted_with, all=all))

    def texts_to_extract(self, extracted_with: str, *, all: bool = False) -> Iterator[Text]:
        """The texts that this version of extraction has not read yet, or all."""
        return readings.texts_to_extract(self.db, extracted_with, all=all)

    def keep_reading(self, reading: Reading, *, extracted_with: str) -> None:
        """Forget what we knew of the article and keep the reading instead."""
        self.keep_readings([reading], extracted_with=extracted_with)

    def keep_readings(self, found: Sequence[Reading], *, extracted_with: str) -> None:
        """Do so for several articles in one transaction."""
        self._known = self._known or readings.known(self.db)
        readings.keep_readings(self.db, found, extracted_with=extracted_with, known=self._known)

    def keep_unread(self, unread: Unread, *, extracted_with: str, now: datetime) -> None:
        """Note that the article could not be read; this version will not try again."""
        readings.keep_unread(self.db, unread, extracted_with=extracted_with, now=now)

    def promote_entities(self) -> None:
        """Once all is read: give pages to the names without a record that several stories use."""
        entities.promote_entities(self.db)

    def quotes(self, *, among: Collection[int] | None = None) -> Iterator[FiledQuote]:
        """Every quote of an article that is not removed, or those of these ids, as the grouping sees it."""
        return quotes.filed_quotes(self.db, among=among)

    def near_quotes(self, articles: Iterable[int], keys: Iterable[int]) -> frozenset[int]:
        """The quotes to be grouped anew when these articles are new or changed, and the keys of their quotes."""
        return quotes.near_quotes(self.db, articles, keys)

    def keep_quote_groups(self, groups: Iterable[QuoteGroup], *, among: Collection[int] | None = None) -> None:
        """Replace what was known of quotes that repeat each other, of all or of `near_quotes`."""
        quotes.keep_quote_groups(self.db, groups, among=among)

    def is_small(self) -> bool:
        """Are there so few articles that all are grouped anew whenever one is new?"""
        return is_small(self.db)

    def sketches(self, articles: Iterable[int]) -> Sketches | None:
        """The sketches of the articles of the days around these, and of some others; ``None`` if any has none."""
        return sketches(self.db, articles)

    def scope(self, articles: Iterable[int], near: Iterable[int] | None = None) -> frozenset[int] | None:
        """The articles that must be grouped anew when these are new or changed; ``None`` means all.

        ``near`` says which of the days around are worth it, if not all are.
        """
        return scope(self.db, articles, near)

    def copies_of(self, articles: Iterable[int]) -> frozenset[int]:
        """These articles, the firsts that they copy, and all copies of either."""
        return copies_of(self.db, articles)

    def stories(self, *, with_copies: bool = False, among: Collection[int] | None = None) -> Iterator[Story]:
        """Every relevant article that is not removed, or those of a `scope`; without the known copies unless asked."""
        return incidents.stories(self.db, with_copies=with_copies, among=among)

    def incidents(self, *, among: Collection[int] | None = None) -> tuple[Incident, ...]:
        """The incidents as the last grouping left them, or those of a `scope`."""
        return incidents.incidents(self.db, among=among)

    def count_incidents(self) -> int:
        """Incidents that have articles."""
        return int(self.db.execute("select count(distinct incident_id) from incident_articles").fetchone()[0])

    def incident_slugs(self) -> frozenset[str]:
        """The slugs of all incidents that there ever were."""
        return incidents.slugs(self.db)

    def keep_copies(self, copies: Iterable[Copy], *, among: Collection[int] | None = None) -> None:
        """Replace what was known of copies, of all or of those in a `scope`."""
        incidents.keep_copies(self.db, copies, among=among)

    def keep_incidents(self, found: Iterable[Incident], *, now: datetime, among: Collection[int] | None = None) -> None:
        """Replace the groups, all or those of a `scope`.

        Ids stay, the ledger grows, what vanished into another is merged into it.
        """
        incidents.keep_incidents(self.db, found, now=now, among=among)

    def keep_contradictions(self, found: Iterable[Contradiction], *, among: Collection[int] | None = None) -> None:
        """Replace what was known of sources that disagree, of all incidents or of those of a `scope`."""
        incidents.keep_contradictions(self.db, found, among=among)

    def forget_derived(self) -> None:
        """Delete all that can be made again: the next extraction reads every article anew."""
        with self.db.atomic():
            self.db.execute("pragma defer_foreign_keys = on")
            for table in TABLES:
                if table.kind == "derived":
                    self.db.execute(f"delete from {table.name}")
            self.db.execute("delete from incident_violations")
            self.db.execute(
                "update articles set language = null, is_relevant = null, relevance = null, relevance_words = null,"
                " extracted_with = null, copy_of_id = null"
            )
        self._known = None

    # -- runs ---------------------------------------------------------------------------------------------------------

    def start_run(self, command: str, *, now: datetime) -> int:
        """The id of a new run; it counts as killed until `finish_run`."""
        cursor = self.db.execute("insert into runs (command, started_at) values (?, ?)", [command, stamp(now)])
        return int(cursor.lastrowid or 0)

    def was_interrupted(self, run_id: int) -> bool:
        """Whether the run before this one that read texts came to no end."""
        row = self.db.execute(
            "select finished_at is null from runs where id < ? and command in ('demo', 'extract', 'rebuild', 'refresh')"
            " order by id desc limit 1",
            [run_id],
        ).fetchone()
        return bool(row and row[0])

    def finish_run(
        self, run_id: int, *, exit_code: int, counts: Mapping[str, int], now: datetime,
        report: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        """Note how a run ended, and let go of logs that nobody will ask for again."""
        row = [stamp(now), exit_code, json.dumps(dict(counts), sort_keys=True), json.dumps(dict(report or {})), run_id]
        self.db.execute("update runs set finished_at = ?, exit_code = ?, counts = ?, report = ? where id = ?", row)
        tidy(self.db, now=now)

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        names = [table.name for table in TABLES if table.kind != "summary"]
        return {name: self.db.execute(f"select count(*) from {name}").fetchone()[0] for name in names}


CLOCKS_DIFFER = timedelta(days=1)
"""What was last heard of later than this from now was heard by a clock that was wrong."""


def _source_row(source: SourceRecord) -> Row:
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "group_name": source.group,
        "language": source.language,
        "country": source.country,
        "text_tier": source.tier,
        "expect_min": source.expect_min,
        "is_active": source.enabled,
        "reason": source.reason,
    }


# Jobs and holds that wait for a time which a wrong clock set are due now.
_SETTLE_CLOCK = (
    """
    update jobs set due_at = :now
    where due_at > :soon and max(coalesce(ok_at, ''), coalesce(failed_at, ''), coalesce(queued_at, '')) > :soon
    """,
    "delete from holds where until > :soon",
)
_KEEP_SOURCE = """
    insert into sources (id, name, kind, url, group_name, language, country, text_tier, expect_min, is_active, reason)
    values (:id, :name, :kind, :url, :group_name, :language, :country, :text_tier, :expect_min, :is_active, :reason)
    on conflict (id) do update set name = excluded.name, kind = excluded.kind, url = excluded.url,
      group_name = excluded.group_name, language = excluded.language, country = excluded.country,
      text_tier = excluded.text_tier, expect_min = excluded.expect_min, is_active = excluded.is_active,
      reason = excluded.reason
"""
# A source that moved is asked at its new address, without the validators of the old one.
_MOVE_POLL = """
    update jobs set url = :url, host = :host, validators = null
    where kind = 'poll' and source_id = :id and url != :url
"""
_DROP_POLLS = """
    delete from jobs where kind = 'poll' and source_id not in (select id from sources where is_active)
"""
