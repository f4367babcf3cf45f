"""One article: its words with the facts marked, and where they come from."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from data.site import words
from data.site.claims import articles, claims, corrections, parties, quotes, rows
from data.site.marks import Block, Mark, Piece, blocks, pieces_of
from data.site.words import Row, told_with


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of the source chain."""

    relation: str
    """How the step before ties to it; empty for the article itself."""
    name: str
    article: Row | None = None
    """The article in this collection, if it was fetched."""
    url: str | None = None
    words: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs between a version and the one before."""

    version: Row
    before: Row
    gone: list[str]
    new: list[str]
    """Paragraphs, the headline first; both empty if a text may not be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """What the article's page shows."""

    article: Row
    blocks: list[Block]
    is_whole: bool
    claims: list[Row]
    parties: dict[int, dict[str, list[Row]]]
    quotes: list[Row]
    entities: list[Row]
    chain: list[Step]
    copies: list[Row]
    incidents: list[Row]
    changes: list[Change]
    """Newest first."""
    corrections: list[Row]
    """Of the article and of what was found in it."""


def article_page(conn: sqlite3.Connection, article_id: int) -> ArticlePage | None:
    """The page of an article; ``None`` if there is none with that id."""
    found = articles(conn, "articles.id = ?", article_id)
    if not found:
        return None
    article = found[0]
    said = claims(conn, "violations.article_id = ?", article_id, order="violations.confidence desc, violations.id")
    quoted = quotes(conn, "quotes.article_id = ?", article_id, order=_FIRST_WORDS, limit=300)
    shown, is_whole = _blocks(conn, article, said, quoted)
    return ArticlePage(
        article=article,
        blocks=shown,
        is_whole=is_whole,
        claims=said,
        parties=parties(conn, [row["id"] for row in said]),
        quotes=quoted,
        entities=rows(conn, _ENTITIES, article_id),
        chain=list(_chain(conn, article)),
        copies=articles(conn, "articles.copy_of_id = ?", article_id, limit=100),
        incidents=rows(conn, _INCIDENTS, article_id),
        changes=_changes(rows(conn, "select * from article_versions where article_id = ? order by n", article_id)),
        corrections=corrections(conn, "article_id = ?", article_id),
    )


def _blocks(conn: sqlite3.Connection, article: Row, said: list[Row], quoted: list[Row]) -> tuple[list[Block], bool]:
    """The text as far as it may be shown, and whether that is all of it."""
    stored = rows(conn, "select text from article_text where article_id = ?", article["id"])
    text = stored[0]["text"] if stored else ""
    spans = rows(conn, "select * from spans where article_id = ? order by start_char, end_char desc", article["id"])
    marks = list(_marks(spans, {r["id"]: r for r in said}, {r["id"]: r for r in quoted}, _mentioned(conn, article)))
    is_whole = article["text_tier"] == "full"
    pieces = (
        [Piece(start=0, words=text)] if is_whole else pieces_of(text, (s for s in spans if s["fact_type"] != "mention"))
    )
    return list(blocks(pieces, marks, whole=is_whole)) if pieces else [], is_whole


def _mentioned(conn: sqlite3.Connection, article: Row) -> dict[int, Row]:
    return {row["id"]: row for row in rows(conn, "select * from mentions where article_id = ?", article["id"])}


def _marks(spans: list[Row], said: dict[int, Row], quoted: dict[int, Row], mentioned: dict[int, Row]) -> Iterator[Mark]:
    seen: set[str] = set()
    for span in spans:
        kind, fact, role = span["fact_type"], span["fact_id"], span["role"]
        where = {"start": span["start_char"], "end": span["end_char"]}
        anchor = "" if f"{kind}-{fact}" in seen else f"{kind}-{fact}"
        if kind == "violation" and role == "evidence" and fact in said:
            label = f"Evidence: {words.claim(said[fact])}"
            yield Mark(kind="evidence", anchor=anchor, label=label, **where)
        elif kind == "quote" and role == "content" and fact in quoted:
            yield Mark(
                kind="quote", anchor=anchor, label=_quote_label(quoted[fact]), style=quoted[fact]["kind"], **where
            )
        elif kind == "mention" and fact in mentioned:
            mention = mentioned[fact]
            label = words.KINDS[mention["kind"]][0].lower() if mention["kind"] in words.KINDS else mention["kind"]
            yield Mark(
                kind="mention",
                anchor=anchor,
                label=label,
                style=mention["kind"],
                entity_id=mention["entity_id"],
                **where,
            )
        else:
            continue
        seen.add(f"{kind}-{fact}")


def _quote_label(quote: Row) -> str:
    kind = {"indirect": "Paraphrase", "mixed": "Partly quoted"}.get(quote["kind"], "Quote")
    return f"{kind}, {quote['speaker'] or 'speaker not named'}{told_with(quote)}"


def _changes(versions: list[Row]) -> list[Change]:
    """One for each version but the first."""
    found = []
    for before, version in pairwise(versions):
        old, new = _paragraphs(before), _paragraphs(version)
        change = Change(
            version=version, before=before,
            gone=[words for words in old if words not in set(new)],
            new=[words for words in new if words not in set(old)],
        )  # fmt: skip
        found.append(change)
    return found[::-1]


def _paragraphs(version: Row) -> list[str]:
    if version["text"] is None:
        return []
    return [part for part in (version["title"], *version["text"].split("\n")) if part.strip()]


def _chain(conn: sqlite3.Connection, article: Row) -> Iterator[Step]:
    """From the article to what it rests on, through the articles that are here; no longer than five steps."""
    yield Step(relation="", name=article["outlet"], article=article)
    seen, at = {article["id"]}, article
    for _ in range(5):
        hops = rows(conn, "select * from hops where article_id = ? order by n, id", at["id"])
        onward = None
        if at["copy_of_id"] and not any(hop["kind"] == "copy_of" for hop in hops):
            onward = _fetched(conn, at["copy_of_id"])
            if onward:
                yield Step(relation="has the same text as", name=onward["outlet"], article=onward)
        for hop in hops:
            target = _fetched(conn, hop["target_id"]) or _copied(conn, at, hop)
            yield Step(
                relation=words.HOPS[hop["kind"]],
                name=target["outlet"] if target else hop["name"],
                article=target,
                url=hop["url"],
                words=hop["words"],
                confidence=hop["confidence"],
            )
            onward = onward or target
        if onward is None or onward["id"] in seen:
            return
        seen.add(onward["id"])
        at = onward


def _copied(conn: sqlite3.Connection, article: Row, hop: Row) -> Row | None:
    """The article that this one repeats, if it is of the outlet that it names as its origin."""
    found = _fetched(conn, article["copy_of_id"]) if hop["kind"] == "copy_of" else None
    return found if found and _bare(found["outlet"]) == _bare(hop["name"]) else None


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _fetched(conn: sqlite3.Connection, article_id: int | None) -> Row | None:
    return next(iter(articles(conn, "articles.id = ?", article_id)), None) if article_id else None


_FIRST_WORDS = "(select min(start_char) from spans where fact_id = quotes.id), quotes.id"
_ENTITIES = """
    select entities.id, entities.name, entities.kind, count(*) as mentions
    from mentions join entities on entities.id = mentions.entity_id
    where article_id = ? group by entities.id order by mentions desc, entities.name limit 60
"""
_INCIDENTS = """
    select incidents.* from incidents join incident_articles on incident_id = incidents.id
    where article_id = ? order by incidents.id
"""
