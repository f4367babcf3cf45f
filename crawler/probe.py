"""A queue for a look at a few addresses: nothing is kept, what came of each can be asked for."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.items import Article, Failure, Fetch, Job, Link, Validators
from crawler.sources import Source


class ProbeQueue:
    """Leases each job once and remembers how it ended."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = list(jobs)
        self.links: dict[str, tuple[Link, ...]] = {}
        """By address of the poll that named them; a page that is itself the article names itself."""
        self.failures: dict[str, Failure] = {}

    @classmethod
    def of_sources(cls, sources: Iterable[Source]) -> "ProbeQueue":
        """One that polls each source once, and reads the one page of a source that is a page."""
        return cls(
            Job(id=n, kind="article" if source.kind == "page" else "poll", url=source.url, source_id=source.id)
            for n, source in enumerate(sources, 1)
        )

    def lease(self, limit: int, *, now: datetime) -> Sequence[Job]:
        taken, self._jobs = self._jobs[:limit], self._jobs[limit:]
        return taken

    def keep_article(
        self, job: Job, article: Article, *, validators: Validators | None, recheck_at: datetime | None
    ) -> bool:
        self.links[job.url] = (Link(url=article.url, title=article.title, published=article.published),)
        return False

    def keep_links(self, job: Job, links: Iterable[Link], *, validators: Validators | None, poll_at: datetime) -> int:
        self.links[job.url] = tuple(links)
        return len(self.links[job.url])

    def unchanged(self, job: Job, *, again_at: datetime | None) -> None:
        pass

    def fail(self, job: Job, failure: Failure, *, again_at: datetime | None) -> None:
        self.failures[job.url] = failure

    def release(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self.failures[job.url] = Failure(
                url=job.url,
                source_id=job.source_id,
                stage="fetch",
                reason="stopped",
                detail="the run ended before it was asked for",
                at=datetime.min,
            )

    def log_fetch(self, fetch: Fetch) -> None:
        pass

    def forbids(self, record: bytes) -> bool:
        return False

    def log_archived(self, final_url: str, warc_file: str, warc_offset: int) -> None:
        pass

    def hold(self, host: str, *, until: datetime) -> None:
        pass
