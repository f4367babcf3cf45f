"""What belongs together of the articles read: copies, incidents, contradictions, quotes that repeat each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.store import Store
from extract.contradictions import contradictions
from extract.incidents import group
from extract.matters import owner_in
from extract.nearness import NEW, archive_of, around, likely
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


@dataclass(frozen=True, slots=True)
class _Reach:
    """The articles that those just read can touch; ``None`` means all."""

    copies: frozenset[int] | None = None
    """Those that may have their text in common with one."""
    articles: frozenset[int] | None = None
    """Those that may be of one incident with one."""
    archive: Archive | None = None
    """How rare words are among all there are."""


def _group_articles(store: Store, lexicon: Lexicon, read: Sequence[int] | None, now: datetime) -> None:
    """Find copies and incidents, of all articles or of those that the ones just read can touch."""
    reach = _reach(store, lexicon, read)
    store.keep_copies(copies(store.stories(with_copies=True, among=reach.copies)), among=reach.copies)
    store.promote_entities()
    told, before = store.stories(among=reach.articles), store.incidents(among=reach.articles)
    found = group(told, before, lexicon=lexicon, slugs=store.incident_slugs(), archive=reach.archive)
    store.keep_incidents(found, now=now, among=reach.articles)
    several = {article for incident in found if len(incident.article_ids) > 1 for article in incident.article_ids}
    store.keep_contradictions(contradictions(store.stories(among=several), found), among=reach.articles)


def _reach(store: Store, lexicon: Lexicon, read: Sequence[int] | None) -> _Reach:
    if read is None:
        return _Reach()
    sketches = store.sketches(read)
    if sketches is None:
        among = store.scope(read)
        return _Reach(copies=among, articles=among)
    archive, new = archive_of(sketches), list(store.stories(with_copies=True, among=read))
    if len(new) > NEW:
        among = store.scope(read)
        return _Reach(copies=among, articles=among, archive=archive)
    found = around(new, sketches, archive)
    others = store.stories(among={other for near in found.near.values() for other in near}.difference(read))
    near = likely(new, others, found.near, owner=owner_in(lexicon), archive=archive)
    same = store.copies_of([*read, *found.same])
    articles = store.scope(read, near | same)
    return _Reach(copies=None if articles is None else same, articles=articles, archive=archive)


def _group_quotes(store: Store, read: Sequence[int] | None, keys: Iterable[int]) -> None:
    """Find the quotes that repeat each other, among all or among those that share words with those just read."""
    among = None if read is None else store.near_quotes(read, keys)
    store.keep_quote_groups(group_quotes(store.quotes(among=among)), among=among)
