"""The process in which pages are read: takes them from standard input, one at a time, and may be killed at any moment.

Run by `crawler.reading` as ``python -m crawler.reader``; it ends when its input does.
"""

import os
import resource
import signal
import sys
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.items import Article
from crawler.pages import PageError
from crawler.pages.decode import decoded
from crawler.pages.generic import read_page
from crawler.pages.walls import judged, wall
from crawler.reading import Refused, Unread, receive, send
from crawler.schedule import http_date

CPU_SECONDS = 20
"""For one page; a flat page of 10 MB keeps a text reader busy for over a minute."""
MEMORY = 240_000_000
"""That the process may ask for; real pages take it to 110 MB, a flat page of 5 MB wanted 530."""
JUST_NOW = timedelta(minutes=10)


def main() -> None:
    """Read pages until there are no more."""
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the answers
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    send(answers, "ready")
    while page := receive(given):
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # SIGPROF ends the process, wherever it is
        answer = answer_to(page)
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(answers, answer)


def answer_to(page: Unread) -> Article | Refused:
    """The article on a page, or why there is none."""
    try:
        article = read_page(page.html, page.url, fetched=page.fetched, link=page.link, content_type=page.content_type)
        if article.modified is None:
            article = replace(article, modified=_modified(page))
        return judged(article, decoded(page.html, page.content_type))
    except PageError as error:
        if error.reason == "not_an_article" and (found := wall(decoded(page.html, page.content_type), text="")):
            return Refused(reason=found.reason, detail=f"the page says {found.words!r}")
        return Refused(reason=error.reason, detail=error.detail)


def _modified(page: Unread) -> datetime | None:
    """When the server says the page was changed, unless it says "now", as those do that make pages on demand."""
    moment = http_date(page.last_modified)
    return moment if moment and page.fetched and page.fetched - moment > JUST_NOW else None


if __name__ == "__main__":
    main()
