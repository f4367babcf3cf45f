"""The `Queue` of crawler/items.py in memory, for tests: what was leased, kept, failed and put off, to be looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.items import Article, Failure, Fetch, Job, JobKind, Link, Validators
from crawler.sources import Source
from crawler.urls import host_of

LEASE = timedelta(minutes=15)


class MemoryQueue:
    """Keeps the promises of the protocol, one run at a time."""

    def __init__(self, *sources: Source, urls: Iterable[str] = (), now: datetime) -> None:
        self.jobs: dict[int, Job] = {}
        self.due: dict[int, datetime | None] = {}
        self.leased: dict[int, datetime] = {}
        self.articles: dict[int, Article] = {}
        self.versions: list[Article] = []
        self.failures: list[Failure] = []
        self.fetches: list[Fetch] = []
        self.holds: dict[str, datetime] = {}
        self._by_url: dict[tuple[JobKind, str], int] = {}
        for source in sources:
            self.add("poll", source.url, source.id, now)
        for url in urls:
            self.add("article", url, None, now)

    def add(self, kind: JobKind, url: str, source_id: str | None, now: datetime, link: Link | None = None) -> bool:
        """Queue an address once; whether it was new."""
        if (kind, url) in self._by_url:
            return False
        number = self._by_url[kind, url] = len(self.jobs) + 1
        self.jobs[number] = Job(id=number, kind=kind, url=url, source_id=source_id, link=link)
        self.due[number] = now
        return True

    def lease(self, limit: int, *, now: datetime) -> Sequence[Job]:
        free = [
            job
            for number, job in self.jobs.items()
            if (due := self.due[number]) and due <= now
            if number not in self.leased or self.leased[number] <= now
            if self.holds.get(host_of(job.url), now) <= now
        ]
        free.sort(key=lambda job: (job.kind != "poll", job.id))
        self.leased |= {job.id: now + LEASE for job in free[:limit]}
        return free[:limit]

    def keep_article(
        self, job: Job, article: Article, *, validators: Validators | None, recheck_at: datetime | None
    ) -> bool:
        before = self.articles.get(article.id)
        self.articles[article.id] = article
        has_changed = before is None or (before.text, before.title) != (article.text, article.title)
        if has_changed:
            self.versions.append(article)
        self._done(job, recheck_at, validators)
        return has_changed

    def keep_links(self, job: Job, links: Iterable[Link], *, validators: Validators | None, poll_at: datetime) -> int:
        now = self.due[job.id] or poll_at
        new = sum(self.add("article", link.url, link.source_id, now, link) for link in links)
        self._done(job, poll_at, validators)
        return new

    def unchanged(self, job: Job, *, again_at: datetime | None) -> None:
        self._done(job, again_at, None)

    def fail(self, job: Job, failure: Failure, *, again_at: datetime | None) -> None:
        self.failures.append(failure)
        known = self.jobs[job.id]
        self.jobs[job.id] = replace(known, tries=known.tries + 1, weight=known.weight + failure.weight)
        self.due[job.id] = again_at
        self.leased.pop(job.id, None)

    def release(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self.leased.pop(job.id, None)

    def log_fetch(self, fetch: Fetch) -> None:
        self.fetches.append(fetch)

    def forbids(self, record: bytes) -> bool:
        return False

    def log_archived(self, final_url: str, warc_file: str, warc_offset: int) -> None:
        raise AssertionError("nothing is withheld")

    def hold(self, host: str, *, until: datetime) -> None:
        self.holds[host] = max(until, self.holds.get(host, until))

    def reasons(self) -> dict[str, str]:
        """The last reason of failure by address."""
        return {failure.url: failure.reason for failure in self.failures}

    def _done(self, job: Job, again_at: datetime | None, validators: Validators | None) -> None:
        known = self.jobs[job.id]
        self.jobs[job.id] = replace(known, tries=0, weight=0.0, validators=validators or known.validators)
        self.due[job.id] = again_at
        self.leased.pop(job.id, None)
