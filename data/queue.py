"""The lease queue: what the crawler is to fetch next, safe from a kill at any moment."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.items import Article, Failure, Fetch, Job, Link, Validators
from data.articles import is_removed, keep_article
from data.marks import Purged
from data.packing import pack, unpack
from data.rows import Row, insert
from data.times import optional_stamp, stamp
from data.warc import WarcRecord

LEASE = timedelta(minutes=15)
REMOVED = "removed"
"""Reason of a job whose article was removed, or repeats one that was: it is not kept, nor asked for again."""


class LeaseQueue:
    """The `crawler.items.Queue` of one home: every job, or those of some sources, or those of some addresses."""

    def __init__(
        self, db: Database, *, source_ids: Sequence[str] = (), urls: Sequence[str] = (), all_due: bool = False
    ) -> None:
        """Frees the leases of a run that died: whoever makes a queue holds the home's lock, so nobody else has any."""
        self._db = db
        self._sources = tuple(source_ids)
        self._urls = tuple(urls)
        self._all_due = all_due
        self._now = datetime.now(UTC)
        db.execute("update jobs set leased_until = null where leased_until is not null")

    def lease(self, limit: int, *, now: datetime) -> Sequence[Job]:
        """Up to ``limit`` due jobs, polls first, the hosts taking turns."""
        self._now = now
        with self._db.atomic():
            if self._all_due:
                self._make_all_due()
            wanted = {"sources": json.dumps(self._sources), "urls": json.dumps(self._urls)}
            sql = _OF_URLS if self._urls else _OF_SOURCES if self._sources else _DUE
            rows = list(self._db.query(sql, {"now": stamp(now), "limit": limit, **wanted}))
            until = stamp(now + LEASE)
            self._db.conn.executemany("update jobs set leased_until = ? where id = ?", [(until, r["id"]) for r in rows])
        return [_job(row) for row in rows]

    def keep_article(
        self, job: Job, article: Article, *, validators: Validators | None, recheck_at: datetime | None
    ) -> bool:
        """Store the article and mark its job done; whether anything changed."""
        with self._db.atomic():
            kept = keep_article(self._db, article, now=article.fetched or self._now)
            has_changed = kept in ("new", "changed")
            if kept == "removed":
                self._done(job, None, None, is_new=False, reason=REMOVED)
                return False
            self._done(job, recheck_at, validators, is_new=has_changed, article_id=article.id)
        return has_changed

    def keep_links(self, job: Job, links: Iterable[Link], *, validators: Validators | None, poll_at: datetime) -> int:
        """Queue what is new among ``links`` and set the next poll; the number of new ones."""
        with self._db.atomic():
            new = sum(self._add(link) for link in links)
            self._done(job, poll_at, validators, is_new=bool(new))
        return new

    def unchanged(self, job: Job, *, again_at: datetime | None) -> None:
        """The server says that nothing changed."""
        self._done(job, again_at, None, is_new=False)

    def fail(self, job: Job, failure: Failure, *, again_at: datetime | None) -> None:
        """Log the failure; try again then, or never (``None``)."""
        with self._db.atomic():
            log_failure(self._db, failure)
            self._db.execute(
                "update jobs set leased_until = null, due_at = ?, tries = tries + 1, weight = weight + ?,"
                " failed_at = ?, reason = ? where id = ?",
                [optional_stamp(again_at), failure.weight, stamp(failure.at), failure.reason, job.id],
            )

    def release(self, jobs: Iterable[Job]) -> None:
        """Take back jobs that were leased and not begun, as they were."""
        with self._db.atomic():
            sql = "update jobs set leased_until = null where id = ?"
            self._db.conn.executemany(sql, [(job.id,) for job in jobs])

    def log_fetch(self, fetch: Fetch) -> None:
        """Add a row to the fetch log."""
        row = asdict(fetch) | {"at": stamp(fetch.at), "redirects": json.dumps(fetch.redirects)}
        with self._db.atomic():
            insert(self._db, "fetches", [row])

    def forbids(self, record: bytes) -> bool:
        """Must a WARC record not be written, as it has words of what was purged that are in no article kept so far?"""
        return bool(self._purged) and self._purged.stand_in(WarcRecord(packed=b"", content=record, offset=0).words)

    def log_archived(self, final_url: str, warc_file: str, warc_offset: int) -> None:
        """Note where the last answer of an address stands that was not in the archive when it was logged."""
        self._db.execute(
            "update fetches set warc_file = ?, warc_offset = ? where id ="
            " (select id from fetches where final_url = ? and warc_file is null order by id desc limit 1)",
            [warc_file, warc_offset, final_url],
        )

    def hold(self, host: str, *, until: datetime) -> None:
        """Lease nothing of this host before then."""
        self._db.execute(
            "insert into holds (host, until) values (?, ?)"
            " on conflict (host) do update set until = max(until, excluded.until)",
            [host, stamp(until)],
        )

    def _make_all_due(self) -> None:
        self._all_due = False  # once a run, or polls would come due again as soon as they are done
        self._db.execute(
            "update jobs set due_at = :now where kind = 'poll' and due_at > :now"
            " and (:sources = '[]' or source_id in (select value from json_each(:sources)))",
            {"now": stamp(self._now), "sources": json.dumps(self._sources)},
        )

    def _done(
        self, job: Job, again_at: datetime | None, validators: Validators | None, *, is_new: bool,
        article_id: int | None = None, reason: str | None = None,
    ) -> None:  # fmt: skip
        row: Row = {
            "leased_until": None,
            "due_at": optional_stamp(again_at),
            "tries": 0,
            "weight": 0,
            "ok_at": stamp(self._now),
            "reason": reason,
        }
        if validators:
            row["validators"] = pack(validators)
        if is_new:
            row["new_at"] = stamp(self._now)
        if article_id:
            row["article_id"] = article_id
        names = ", ".join(f"{name} = :{name}" for name in row)
        self._db.execute(f"update jobs set {names} where id = :id", row | {"id": job.id})

    @cached_property
    def _purged(self) -> Purged:
        return Purged.of(self._db)

    def _add(self, link: Link) -> bool:
        """Queue an article's address, unless it is known or removed; whether it was new."""
        if is_removed(self._db, link.url):
            return False
        if self._purged.sentences_in(f"{link.title} {link.summary}"):
            link = replace(link, title=None, summary=None)
        return add_job(self._db, "article", link.url, source_id=link.source_id, now=self._now, link=link)


def add_job(
    db: Database, kind: Literal["poll", "article"], url: str, *, source_id: str | None, now: datetime,
    link: Link | None = None,
) -> bool:  # fmt: skip
    """Queue an address once; whether it was new."""
    if db.execute("select 1 from jobs where url = ? and kind = ?", [url, kind]).fetchone():
        return False
    row = {"kind": kind, "url": url, "host": host_of(url), "source_id": source_id, "due_at": stamp(now),
           "queued_at": stamp(now), "link": pack(link)}  # fmt: skip
    insert(db, "jobs", [row])
    return True


def host_of(url: str) -> str:
    """The host of an address, by which jobs take turns and are held; "" if it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # brackets that hold no IPv6 address
        return ""


def log_failure(db: Database, failure: Failure) -> None:
    """Add a row to the failures."""
    insert(db, "failures", [asdict(failure) | {"at": stamp(failure.at)}])


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        url=row["url"],
        source_id=row["source_id"],
        tries=row["tries"],
        weight=row["weight"],
        validators=unpack(row["validators"], Validators),
        link=unpack(row["link"], Link),
    )


_FREE = "due_at <= :now and (leased_until is null or leased_until <= :now)"
_OPEN = "host not in (select host from holds where until > :now)"
_IN_TURN = "row_number() over (partition by jobs.kind, jobs.host order by jobs.due_at, jobs.id) as turn"
_FIRST = "order by kind desc, turn, due_at, id limit :limit"
# Steps along the index from host to host and takes a few jobs of each, so that 200,000 due jobs cost no more than
# their hosts do.
_DUE = f"""
    with recursive
      hosts(kind, host) as (
        select column1, (select min(host) from jobs where kind = column1) from (values ('poll'), ('article'))
        union all
        select kind, (select min(host) from jobs where kind = hosts.kind and host > hosts.host)
        from hosts where host is not null
      ),
      ready as materialized (
        select kind, host from hosts
        where {_OPEN} and exists (select 1 from jobs where kind = hosts.kind and host = hosts.host and {_FREE})
      ),
      due as (
        select jobs.*, {_IN_TURN}
        from ready cross join jobs on jobs.id in (
          select id from jobs
          where kind = ready.kind and host = ready.host and {_FREE}
          order by due_at, id limit (select max(2, 4 * :limit / count(*)) from ready)
        )
      )
    select * from due {_FIRST}
"""
_CHOSEN = f"""
    with due as (select jobs.*, {_IN_TURN} from jobs where %s and {_FREE} and {_OPEN})
    select * from due {_FIRST}
"""
_OF_SOURCES = _CHOSEN % "source_id in (select value from json_each(:sources))"
_OF_URLS = _CHOSEN % "kind = 'article' and url in (select value from json_each(:urls))"
