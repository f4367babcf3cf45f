"""What belongs together of the articles read: copies, incidents, contradictions, quotes that repeat each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from data.store import Store
from extract.contradictions import contradictions
from extract.incidents import group
from extract.nearness import around
from extract.pairs import Archive
from extract.quote_groups import group_quotes
from extract.syndication import copies
from extract.vocabulary import Lexicon


def regroup(
    store: Store, lexicon: Lexicon, read: Sequence[int] | None, keys: Iterable[int] = (), *, now: datetime
) -> None:
    """Group all articles and quotes, or what those just read can touch; the keys are those of their quotes."""
    _group_articles(store, lexicon, read, now)
    _group_quotes(store, read, keys)


def _group_articles(store: Store, lexicon: Lexicon, read: Sequence[int] | None, now: datetime) -> None:
    """Find copies and incidents, of all articles or of those that the ones just read can touch."""
    among, archive = _reach(store, read)
    store.keep_copies(copies(store.stories(with_copies=True, among=among)), among=among)
    store.promote_entities()
    told, before = store.stories(among=among), store.incidents(among=among)
    found = group(told, before, lexicon=lexicon, slugs=store.incident_slugs(), archive=archive)
    store.keep_incidents(found, now=now, among=among)
    several = {article for incident in found if len(incident.article_ids) > 1 for article in incident.article_ids}
    store.keep_contradictions(contradictions(store.stories(among=several), found), among=among)


def _reach(store: Store, read: Sequence[int] | None) -> tuple[frozenset[int] | None, Archive | None]:
    """The articles that those just read can touch, and how rare words are among all there are."""
    if read is None:
        return None, None
    sketches = store.sketches(read)
    if sketches is None:
        return store.scope(read), None
    found = around(read, sketches)
    return store.scope(read, found.near), Archive(found.background, found.size)


def _group_quotes(store: Store, read: Sequence[int] | None, keys: Iterable[int]) -> None:
    """Find the quotes that repeat each other, among all or among those that share words with those just read."""
    among = None if read is None else store.near_quotes(read, keys)
    store.keep_quote_groups(group_quotes(store.quotes(among=among)), among=among)
