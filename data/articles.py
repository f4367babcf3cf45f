"""Articles into rows: one article is one transaction, what did not change is not written, no text is ever lost."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from crawler.items import Article, Interval
from crawler.urls import canonical_url, fetch_url
from data.ids import IdCollision, stable_id, text_sha256
from data.marks import is_marked
from data.rows import Row, insert, row_of, values
from data.times import day, moment, optional_stamp, stamp

Kept = Literal["new", "changed", "unchanged", "removed"]
Reread = Literal["replaced", "unchanged", "lost"]


def keep_article(db: Database, article: Article, *, now: datetime) -> Kept:
    """Store an article as it is seen now; ``removed`` if it, or one that it repeats, was removed."""
    with db.atomic():
        if is_removed(db, article.url):
            return "removed"
        old = row_of(db, "articles", article.id)
        if old and old["url"] != article.url:
            raise IdCollision(f"articles {old['url']} and {article.url} have the same id {article.id}")
        row = _article_row(article)
        if old is None and is_marked(db, article.text):
            return "removed"
        if old is None:
            _insert(db, article, row, now)
            return "new"
        _keep_what_was_better(row, old)
        is_same = (row["record_sha256"], row["source_id"]) == (old["record_sha256"], old["source_id"])
        if is_same or (not article.text and old["word_count"]):  # an empty text is a wall that was not there before
            return "unchanged"
        _update(db, article, row, old, now)
        return "changed"


def replace_reading(db: Database, article: Article) -> Reread:
    """Put a new reading of what was fetched in the place of the old one; no version, for the page is the same.

    ``lost`` if the article is none that is kept, or has lost its text: it stays as it was.
    """
    with db.atomic():
        old = row_of(db, "articles", article.id)
        if old is None or (not article.text and old["word_count"]):
            return "lost"
        if article.modified is None and old["modified_at"]:  # the server had said it, and not the page
            article = replace(article, modified=moment(old["modified_at"]))
        row = _article_row(article)
        if row["record_sha256"] == old["record_sha256"]:
            return "unchanged"
        _keep_what_was_better(row, old)
        if (row["title"], row["text_sha256"]) != (old["title"], old["text_sha256"]):
            row["extracted_with"] = None
        _set(db, row)
        _replace_parts(db, article)
        db.execute("update article_text set text = ? where article_id = ?", [article.text, article.id])
        db.execute(_LAST_VERSION, row | {"text": article.text, "n": old["versions"]})
    return "replaced"


def find_article(db: Database, target: str) -> int | None:
    """The id of the article that goes by this id or address, however it is spelled; ``None`` if none does."""
    if target.isdecimal():
        return int(target) if row_of(db, "articles", int(target)) else None
    return next(iter(values(db, _BY_ADDRESS, [json.dumps(spellings(target))])), None)


def spellings(url: str) -> list[str]:
    """An address as given, as it would be asked for, and as an article is known by it.

    >>> spellings("https://a.example/x/?utm_source=mail")
    ['https://a.example/x', 'https://a.example/x/', 'https://a.example/x/?utm_source=mail']
    """
    return sorted({url, fetch_url(url), canonical_url(url)})


def is_removed(db: Database, url: str) -> bool:
    """Does a removal that was not undone forbid this address?"""
    found = db.execute("select 1 from removals where url_sha256 = ? and undone_at is null", [text_sha256(url)])
    return found.fetchone() is not None


def _insert(db: Database, article: Article, row: Row, now: datetime) -> None:
    seen = {"first_seen_at": stamp(now), "changed_at": stamp(article.fetched or now), "versions": 1}
    insert(db, "articles", [row | seen])
    insert(db, "article_text", [{"article_id": article.id, "text": article.text}])
    _add_version(db, article, row, 1, now)
    _replace_parts(db, article)


def _update(db: Database, article: Article, row: Row, old: Row, now: datetime) -> None:
    has_new_text = (row["title"], row["text_sha256"]) != (old["title"], old["text_sha256"])
    if has_new_text:
        row |= {"changed_at": stamp(article.fetched or now), "extracted_with": None}
        db.execute("update article_text set text = ? where article_id = ?", [article.text, article.id])
    if has_new_text or row["modified_at"] not in (None, old["modified_at"]):
        row |= {"versions": old["versions"] + 1}
        _add_version(db, article, row, row["versions"], now)
    _set(db, row)
    _replace_parts(db, article)


def _set(db: Database, row: Row) -> None:
    names = ", ".join(f"{name} = :{name}" for name in row)
    db.execute(f"update articles set {names} where id = :id", row)


def _add_version(db: Database, article: Article, row: Row, n: int, now: datetime) -> None:
    version = {
        "id": stable_id("version", article.id, n),
        "article_id": article.id,
        "n": n,
        "title": article.title,
        "seen_at": stamp(article.fetched or now),
        "modified_at": row["modified_at"],
        "text_sha256": row["text_sha256"],
        "word_count": row["word_count"],
        "text": article.text,
    }
    insert(db, "article_versions", [version])


def _replace_parts(db: Database, article: Article) -> None:
    for table, rows in _parts(article).items():
        db.execute(f"delete from {table} where article_id = ?", [article.id])
        insert(db, table, rows)


def _parts(article: Article) -> dict[str, list[Row]]:
    hops: list[Row] = [
        {"n": n, "kind": h.kind, "name": h.name, "url": h.url, "method": h.method, "confidence": h.confidence,
         "words": h.words}
        for n, h in enumerate(article.hops)
    ]  # fmt: skip
    origins: list[Row] = [{"field": o.field, "origin": o.origin} for o in article.origins]
    cuts: list[Row] = [
        {"n": n, "words": c.words, "score": c.score, "reason": c.reason} for n, c in enumerate(article.cuts)
    ]
    return {
        table: [{"id": stable_id(table, article.id, n), "article_id": article.id, **row} for n, row in enumerate(rows)]
        for table, rows in (("hops", hops), ("origins", origins), ("cuts", cuts))
    }


def _article_row(article: Article) -> Row:
    row: Row = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "meta_title": article.meta_title,
        "publisher": article.publisher,
        "source_id": article.source_id,
        "authors": _list(article.authors),
        "section": article.section,
        "keywords": _list(article.keywords),
        "summary": article.summary,
        "declared_language": article.language,
        "access": article.access,
        **_published(article.published),
        "modified_at": optional_stamp(article.modified),
        "word_count": len(article.text.split()),
        "text_sha256": text_sha256(article.text),
        "text_confidence": article.text_confidence,
        "signals": _list(article.signals),
    }
    return row | {"fetched_at": optional_stamp(article.fetched), "record_sha256": _fingerprint(row, article)}


def _published(published: Interval | None) -> Row:
    """The columns of an interval; a month only if both ends lie in it."""
    first, last = (published.start, published.end) if published else (None, None)
    in_month = first and last and (first.year, first.month) == (last.year, last.month)
    return {
        "published_from": day(first),
        "published_to": day(last),
        "published_at": optional_stamp(published.at) if published else None,
        "published_basis": published.basis if published else None,
        "published_words": published.words if published else None,
        "published_month": f"{first:%Y-%m}" if first and in_month else None,
    }


def _fingerprint(row: Row, article: Article) -> str:
    """Of all that the page says. A relative date says something new every month without a change of the page."""
    is_relative = row["published_basis"] == "relative"
    fixed = {k: v for k, v in row.items() if k != "source_id" and not (is_relative and k.startswith("published_"))}
    parts = _parts(article)
    return hashlib.sha256(json.dumps([fixed, parts], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _keep_what_was_better(row: Row, old: Row) -> None:
    """A relative date counted later is no better than one we have; who announced the article first stays."""
    if row["published_basis"] in (None, "relative") and old["published_from"]:
        row |= {name: old[name] for name in row if name.startswith("published_")}
    row["source_id"] = old["source_id"] or row["source_id"]


def _list(words: Sequence[str]) -> str:
    return json.dumps(list(words), ensure_ascii=False)


_LAST_VERSION = """
    update article_versions set title = :title, modified_at = :modified_at, text_sha256 = :text_sha256,
      word_count = :word_count, text = :text
    where article_id = :id and n = :n
"""
_BY_ADDRESS = """
    with given as (select value as url from json_each(?))
    select id from articles where url in given
    union select article_id from jobs where url in given and article_id is not null
    union select articles.id from fetches join articles on articles.url = final_url where fetches.url in given
"""
