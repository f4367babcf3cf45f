"""What became of an address, and what decided it: each stage with its words."""

import json
from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from crawler.items import Link
from data.articles import find_article, spellings
from data.corrections import Correction
from data.home import Refusal
from data.ids import text_sha256
from data.packing import unpack
from data.queue import REMOVED
from data.rows import Row, row_of, values


def why(db: Database, target: str, corrections: Sequence[Correction] = ()) -> list[str]:
    """One line a stage for an address or the id of an article; refuses what was never heard of."""
    article_id = int(target) if target.isdecimal() else find_article(db, target)
    article = row_of(db, "articles", article_id) if article_id else None
    urls = {*spellings(target), article["url"]} if article else set(spellings(target))
    lines = [line for url in sorted(urls) for line in _road(db, url)]
    if article:
        lines += [*_read(db, article), *_extracted(db, article), *_decided(corrections, article), *_shown(db, article)]
    lines += _removed(db, sorted(urls), article_id)
    if not lines:
        raise Refusal(f"{target}: never heard of; expected an address that was announced or added, or an article's id")
    return lines


def _road(db: Database, url: str) -> Iterator[str]:
    """Announced, asked for, failed."""
    for row in db.query("select * from jobs where url = ? order by id", [url]):
        link = unpack(row["link"], Link)
        said = f", announced in {link.found_in}" if link and link.found_in else ""
        said += f" as “{link.title}”" if link and link.title else ""
        yield f"queued {row['queued_at']} as {row['kind']} for {row['source_id'] or 'no source'}{said}"
        failures = f"{row['tries']} failure{'' if row['tries'] == 1 else 's'} since it last went well"
        yield f"next try {row['due_at'] or 'never'}; {failures if row['tries'] else 'no failure'}"
        if row["reason"] == REMOVED:
            yield f"not kept {row['ok_at']}: it was removed, or repeats an article that was"
    for row in db.query("select * from fetches where url = ?1 or final_url = ?1 order by id", [url]):
        led = f" by way of {' '.join(json.loads(row['redirects']))}" if row["redirects"] not in (None, "[]") else ""
        kept = f"kept in {row['warc_file']} at {row['warc_offset']}" if row["warc_file"] else "not in the archive"
        yield f"fetched {row['at']} with status {row['status']}, {row['size']} bytes{led}, {kept}"
    for row in db.query("select * from failures where url = ? order by id", [url]):
        yield f"failed {row['at']} at {row['stage']}: {row['reason']}: {row['detail']}"


def _read(db: Database, article: Row) -> Iterator[str]:
    yield f"article {article['id']} at {article['url']}: “{article['title']}”"
    origins = db.execute("select field, origin from origins where article_id = ? order by id", [article["id"]])
    yield "read " + (", ".join(f"{field} from {origin}" for field, origin in origins) or "without markup")
    if article["published_words"]:
        days = f"{article['published_from'] or 'unknown'} to {article['published_to'] or 'unknown'}"
        yield f"dated {days} by {article['published_basis']}: “{article['published_words']}”"
    sure = "" if article["text_confidence"] is None else f", two readers agree to {article['text_confidence']:.0%}"
    signals = ", ".join(json.loads(article["signals"]))
    yield f"text of {article['word_count']} words, access {article['access']}{sure}{'; ' + signals if signals else ''}"
    for words, score, reason in db.execute(_CUTS, [article["id"]]):
        yield f"cut ({reason}, {score:.2f}): “{' '.join(words.split())[:90]}”"
    for n, seen, sha256 in db.execute(_VERSIONS, [article["id"]]):
        yield f"version {n} seen {seen}, text {sha256[:12]}"
    for kind, name, method, words in db.execute(_HOPS, [article["id"]]):
        yield f"source chain: {kind.replace('_', ' ')} {name} by {method}: “{' '.join(words.split())[:90]}”"


def _extracted(db: Database, article: Row) -> Iterator[str]:
    if article["extracted_with"] is None:
        yield "not read for facts yet; run blotter extract"
        return
    words = json.loads(article["relevance_words"] or "{}")
    fired = "; ".join(f"{gate}: {', '.join(found) or 'nothing'}" for gate, found in words.items())
    verdict = "on topic" if article["is_relevant"] else "off topic"
    yield f"{verdict} with {article['relevance']:.2f} ({fired}), language {article['language'] or 'unknown'}"
    counts = db.execute(_FACTS, [article["id"]]).fetchall()
    yield f"read by {article['extracted_with']}: " + (", ".join(f"{n} {kind}s" for kind, n in counts) or "no facts")
    for one in db.query("select * from article_copies where article_id = ?", [article["id"]]):
        yield f"copy of article {one['copy_of_id']} by {one['method']}, similarity {one['similarity']:.2f}"
    for slug, joined in db.execute(_INCIDENTS, [article["id"]]):
        yield f"in incident {slug}" + (f", tied by {joined}" if joined else ", its first article")


def _decided(corrections: Sequence[Correction], article: Row) -> Iterator[str]:
    """What editors decided on it and on what was found in it."""
    for one in corrections:
        if one.article == article["id"]:
            what = " ".join(word for word in (one.action, one.target, one.field, one.value or one.into) if word)
            yield f"corrected {one.decided} by {one.who}: {what}: {one.why}"


def _shown(db: Database, article: Row) -> Iterator[str]:
    if article["is_relevant"] or (article["language"] or "en") != "en":
        tier = values(db, "select text_tier from sources where id = ?", [article["source_id"]])
        yield f"published, text as {tier[0] if tier else 'excerpt (added by hand)'}"
    elif article["extracted_with"]:
        yield "not published: counted as coverage only"


def _removed(db: Database, urls: list[str], article_id: int | None) -> Iterator[str]:
    hashes = json.dumps([text_sha256(url) for url in urls])
    for row in db.query(_REMOVALS, [article_id, hashes]):
        ends = [f"{word} {row[key]}" for word, key in (("undone", "undone_at"), ("purged", "purged_at")) if row[key]]
        yield ", ".join([f"removed {row['removed_at']} ({row['reason']})", *ends])


_CUTS = "select words, score, reason from cuts where article_id = ? order by score desc, n limit 5"
_VERSIONS = "select n, seen_at, text_sha256 from article_versions where article_id = ? order by n"
_HOPS = "select kind, name, method, words from hops where article_id = ? order by n"
_FACTS = """
    select fact_type, count(distinct fact_id) from spans where article_id = ? group by fact_type order by fact_type
"""
_INCIDENTS = """
    select slug, joined_by from incident_articles join incidents on incidents.id = incident_id
    where article_id = ? order by slug
"""
_REMOVALS = """
    select * from removals where article_id = ?1 or url_sha256 in (select value from json_each(?2)) order by id
"""
