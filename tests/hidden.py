"""A published home with an article to be removed, which alone has one sentence, for the tests of removals."""

from dataclasses import replace
from pathlib import Path

from matter import NOW, TEXT, article, fill, made, reading

from crawler.archive import ArchiveWriter, Exchange
from crawler.items import Fetch, Job
from data.home import Home
from data.publish import publish, republish
from data.queue import LeaseQueue
from data.removal import remove, to_remove
from data.store import Store

SECRET = "Only this outlet has ever printed these nine peculiar words together in one line"
HIDDEN = replace(article(15), title="A peculiar headline", text=f"{TEXT}\n{SECRET}. And the rest followed.")


def published(folder: Path) -> Home:
    """A home with an article that has a sentence of its own, beside others."""
    home = made(folder, 11, 12, 13)
    with Store(home.work_db) as store:
        store.add_article(HIDDEN, now=NOW)
        store.keep_reading(reading(15), extracted_with="1")
        fill(store)
    publish(home)
    return home


def hide(home: Home, target: str = HIDDEN.url, *, with_copies: bool = False) -> None:
    """Remove an article and publish without it."""
    with Store(home.work_db) as store:
        remove(store.db, to_remove(store.db, target, with_copies=with_copies), reason="publisher", note=None, now=NOW)
    republish(home)


def archived(home: Home) -> None:
    """Put the page, a feed that tells of it, and a page that stays into the archive."""
    writer = ArchiveWriter(home.archive, software="test", now=NOW)
    with Store(home.work_db) as store:
        queue = store.queue()
        for url, body in (
            ("https://outlet.example/12", f"<p>{TEXT}</p>"),
            (HIDDEN.url, f"<p>{TEXT}</p><p>{SECRET}.</p>"),
            ("https://outlet.example/feed", f"<item>{SECRET.replace(' ', '&#32;')}.</item>"),
            ("https://outlet.example/11", f"<p>{TEXT}</p>"),
        ):
            exchange = Exchange(url=url, status=200, body=body.encode(), at=NOW, notes={})
            file, offset = writer.write(exchange)
            queue.log_fetch(
                Fetch(url=url, final_url=url, status=200, at=NOW, size=1, warc_file=file, warc_offset=offset)
            )
        store.register_sources([], now=NOW)
    writer.close()


def polled(store: Store) -> tuple[LeaseQueue, Job]:
    """The queue, and a feed's job that has been taken from it."""
    store.db.execute("insert into jobs (kind, url, host, due_at) values ('poll', 'https://f.example', 'f', '2026')")
    queue = store.queue()
    (poll,) = queue.lease(1, now=NOW)
    return queue, poll
