"""One run of the crawler over a list of addresses, in a process of its own, so that its cost can be told.

Run as ``python crawl_once.py URLS ARCHIVE``; prints the CPU seconds and the memory of fetching and of reading as JSON.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from crawler.items import Article, Fetch, Job, Validators
from crawler.run import crawl
from crawler.settings import build_settings

sys.path.insert(0, str(Path(__file__).parent.parent))
from memory_queue import MemoryQueue


class Forgetful(MemoryQueue):
    """Keeps no articles, so that the memory measured is the crawler's."""

    def keep_article(
        self, job: Job, article: Article, *, validators: Validators | None, recheck_at: datetime | None
    ) -> bool:
        self._done(job, None, validators)
        return True

    def log_fetch(self, fetch: Fetch) -> None:
        pass


def main() -> None:
    """Crawl, and say what it cost."""
    urls, archive = Path(sys.argv[1]).read_text("utf-8").split(), Path(sys.argv[2])
    now = datetime.now(UTC)
    settings = build_settings("tests@example.com", ["127.0.0.0/8"]) | {"DOWNLOAD_DELAY": 0}
    report = crawl(Forgetful(urls=urls, now=now), sources={}, archive=archive, settings=settings, now=lambda: now)
    own, readers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    costs = {
        "articles": report.articles,
        "fetching": own.ru_utime + own.ru_stime,
        "reading": readers.ru_utime + readers.ru_stime,
        "megabytes": (own.ru_maxrss + readers.ru_maxrss) / 1000,
    }
    sys.stdout.write(json.dumps(costs))


if __name__ == "__main__":
    main()
