"""A home with any number of invented articles, its rows written straight into the tables of work.db.

It is as the news is: few words and names are very common, most are rare; one article in seven is a copy, one in thirty
changed, one in four makes a claim. The same number gives the same rows. ``python tests/bench/big_home.py HOME 20000``.
"""

import hashlib
import random
import sys
from bisect import bisect
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from data.home import Home
from data.store import Store
from extract.facts import RULE_TYPES

Row = dict[str, Any]
KINDS = ("company",) * 6 + ("project", "project", "person", "authority", "rule")
STATUSES = ("alleged",) * 4 + ("found", "under_investigation", "under_investigation", "settled", "dismissed", "denied")
SANCTIONS = (None, None, None, "fine", "account_suspension", "injunction", "settlement_payment", "ban")
SOURCES = 60
WORDS = 20_000
FIRST = date(2021, 1, 1)
STAMP = "2026-03-01T00:00:00Z"
_SYLLABLES = (
    "bri",
    "lo",
    "qua",
    "mer",
    "fen",
    "tor",
    "vel",
    "ska",
    "dru",
    "nim",
    "os",
    "pel",
    "ruth",
    "wick",
    "zan",
    "ul",
)
_COMMON = ("the", "of", "to", "a", "in", "that", "and", "for", "on", "it", "with", "model", "data", "company", "rules")
_BATCH = 2000


class Big:
    """Makes the rows, one article after another."""

    def __init__(self, count: int, *, sentences: int) -> None:
        self.count, self.sentences = count, sentences
        self.rng = random.Random(count)
        self.words = [*_COMMON, *_names(self.rng, WORDS)]
        self.word_weights = list(accumulate(1 / (n + 3) for n in range(len(self.words))))
        self.entities = [_entity(n, name) for n, name in enumerate(_names(self.rng, 1500 + count // 30, parts=4))]
        self.entity_weights = list(accumulate((n + 5) ** -0.9 for n in range(len(self.entities))))
        self.facts = 0
        self.claims: list[tuple[int, int]] = []
        self.last: Row = {}
        self.last_facts: list[tuple[str, Row]] = []

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Table and row, in an order that no foreign key minds."""
        for n in range(SOURCES):
            yield "sources", _source(n)
            yield "jobs", _poll(n)
        yield from (("entities", entity) for entity in self.entities)
        yield from (("aliases", {"id": _id(3, n), "entity_id": e["id"], "alias": f"{e['name']} Ltd"})
                    for n, e in enumerate(self.entities) if n % 3 == 0)  # fmt: skip
        for n in range(self.count):
            yield from self._article(n)
        yield from self._incidents()
        for n in range(40):
            yield "removals", {"id": _id(12, n), "article_id": _id(13, n), "url": f"https://gone.example/{n}",
                               "url_sha256": f"{n:064}", "reason": "publisher", "removed_at": STAMP}  # fmt: skip

    def _article(self, n: int) -> Iterator[tuple[str, Row]]:
        rng, source = self.rng, min(int(self.rng.paretovariate(0.8)) - 1, SOURCES - 1)
        is_copy = n % 7 == 6 and bool(self.last)
        number = _id(1, n)
        if is_copy:
            text, title = self.last["text"], self.last["title"]
        else:
            text, facts = self._text()
            title = text[: text.index(" ", 60)]
        day = FIRST + timedelta(days=rng.randrange(1800))
        row = _article_row(number, n, title, text, day, source, self.last["id"] if is_copy else None)
        yield "articles", row
        yield "article_text", {"article_id": number, "text": text}
        yield "article_versions", _version(_id(2, 2 * n), number, 1, title, text)
        if n % 30 == 0:
            yield "article_versions", _version(_id(2, 2 * n + 1), number, 2, title, f"{text} It was amended.")
        if is_copy:
            yield "article_copies", {"id": _id(4, n), "article_id": number, "copy_of_id": self.last["id"],
                                     "similarity": 1.0, "method": "same-text"}  # fmt: skip
            facts = self.last_facts
        if n % 5 < 2:
            yield "hops", _hop(_id(5, n), number, n)
        yield from self._kept(number, facts)
        if not is_copy:
            self.last, self.last_facts = row | {"text": text}, facts

    def _text(self) -> tuple[str, list[tuple[str, Row]]]:
        """A text, and the facts in it with places and no ids yet."""
        text, facts, rng = "", list[tuple[str, Row]](), self.rng
        for _ in range(self.sentences):
            who, whose = self._pick(), self._pick()
            words = " ".join(
                self.words[bisect(self.word_weights, rng.random() * self.word_weights[-1])] for _ in range(24)
            )
            sentence = f"{who['name']} said that {words} by {whose['name']}."
            start = len(text) + 1 if text else 0
            facts.append(("mentions", _mention(who, start)))
            facts.append(("mentions", _mention(whose, start + len(sentence) - 1 - len(whose["name"]))))
            if rng.random() < 0.16:
                facts.append(("quotes", _quote(who, words, start + sentence.index("that ") + 5)))
            if rng.random() < 0.3 / self.sentences:
                facts.append(("violations", self._claim(who, whose, sentence, start)))
            text += (" " if text else "") + sentence
        return text, facts

    def _pick(self) -> Row:
        return self.entities[bisect(self.entity_weights, self.rng.random() * self.entity_weights[-1])]

    def _claim(self, who: Row, whose: Row, sentence: str, start: int) -> Row:
        rng = self.rng
        return {
            "status": rng.choice(STATUSES), "rule": "terms of service", "rule_type": rng.choice(RULE_TYPES),
            "rule_basis": "stated", "act": sentence[:60], "sanction": rng.choice(SANCTIONS),
            "amount": float(rng.randrange(10**7)) if rng.random() < 0.2 else None, "currency": "EUR",
            "evidence": sentence, "confidence": round(rng.random(), 2), "rule_name": "breach",
            "who": who, "whose": whose, "spans": [("evidence", start, sentence)],
        }  # fmt: skip

    def _kept(self, article: int, facts: list[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
        for table, fact in facts:
            number, kind = _id(6, self.facts), table.removesuffix("s")
            self.facts += 1
            row = {k: v for k, v in fact.items() if k not in ("spans", "who", "whose")}
            yield table, row | {"id": number, "article_id": article}
            for n, (role, start, words) in enumerate(fact["spans"]):
                yield "spans", {"id": _id(7, 3 * self.facts + n), "fact_id": number, "fact_type": kind, "role": role,
                                "article_id": article, "n": n, "start_char": start, "end_char": start + len(words),
                                "words": words}  # fmt: skip
            if table == "violations":
                yield from self._parties(number, fact)
                self.claims.append((article, number))

    def _parties(self, claim: int, fact: Row) -> Iterator[tuple[str, Row]]:
        for n, (role, who) in enumerate((("violator", fact["who"]), ("rule_owner", fact["whose"]))):
            yield "violation_parties", {
                "id": _id(8, 2 * self.facts + n), "violation_id": claim, "role": role, "n": 0,
                "name": who["name"], "entity_id": who["id"], "entity_slug": who["slug"],
            }  # fmt: skip

    def _incidents(self) -> Iterator[tuple[str, Row]]:
        """Matters of one to six claims, one in two hundred of sixty."""
        claims, n = iter(self.claims), 0
        while group := list(islice(claims, 60 if n % 200 == 100 else self.rng.randrange(1, 7))):
            number = _id(9, n)
            status = self.rng.choice(STATUSES)
            title = f"{self._pick()['name']} alleged to have broken rules of {self._pick()['name']}"
            yield "incidents", {"id": number, "slug": f"matter-{n}", "status": status, "title": title}
            for place, article in enumerate(dict.fromkeys(article for article, _ in group)):
                yield "incident_articles", {
                    "id": _id(10, 70 * n + place), "incident_id": number, "article_id": article, "n": place,
                    "joined_by": "names",
                }  # fmt: skip
            for place, (_, claim) in enumerate(group):
                yield (
                    "incident_violations",
                    {"id": _id(11, 70 * n + place), "incident_id": number, "violation_id": claim},
                )
            yield "incident_status", {"id": _id(14, n), "incident_id": number, "n": 0, "status": status,
                                      "article_id": group[0][0], "recorded_at": STAMP}  # fmt: skip
            if len(group) > 1 and n % 5 == 0:
                yield "contradictions", {"id": _id(15, n), "incident_id": number, "field": "status",
                                         "violation_id": group[0][1], "value": "alleged", "other_id": group[1][1],
                                         "other_value": "denied"}  # fmt: skip
            n += 1


def fill(home: Home, count: int, *, sentences: int = 6) -> None:
    """Write ``count`` articles of so many sentences, and all that is found in them."""
    with Store(home.work_db):
        pass  # makes the tables
    with Database(home.work_db) as db:
        db.conn.execute("pragma synchronous = off")
        db.conn.execute("pragma foreign_keys = off")
        waiting: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        with db.atomic():
            for table, row in Big(count, sentences=sentences).rows():
                batch = waiting.setdefault((table, tuple(row)), [])
                batch.append(tuple(row.values()))
                if len(batch) == _BATCH:
                    _write(db, table, tuple(row), batch)
            for (table, names), batch in waiting.items():
                _write(db, table, names, batch)


def _write(db: Database, table: str, names: tuple[str, ...], batch: list[tuple[Any, ...]]) -> None:
    db.conn.executemany(f"insert into {table} ({','.join(names)}) values ({','.join('?' * len(names))})", batch)
    batch.clear()


def _id(kind: int, n: int) -> int:
    """53 bits without an order, as the ids are that are hashes: no two alike, for an odd factor loses nothing."""
    return (((n << 4) | kind) * 0x9E3779B97F4A7) % (1 << 53)


def _names(rng: random.Random, count: int, *, parts: int = 3) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(rng.choices(_SYLLABLES, k=rng.randrange(2, parts + 1)))] = None
        parts += len(names) % 997 == 0
    return list(names) if parts == 3 else [name.capitalize() for name in names]


def _source(n: int) -> Row:
    tier = ("full", "full", "excerpt", "excerpt", "facts")[n % 5]
    return {"id": f"outlet-{n}", "name": f"Outlet {n}", "kind": "feed", "url": f"https://outlet{n}.example/feed",
            "language": "en", "text_tier": tier, "is_active": 1}  # fmt: skip


def _poll(n: int) -> Row:
    return {"id": _id(0, n), "kind": "poll", "url": f"https://outlet{n}.example/feed", "host": f"outlet{n}.example",
            "source_id": f"outlet-{n}", "ok_at": STAMP}  # fmt: skip


def _entity(n: int, name: str) -> Row:
    country = ("US", "DE", "CN", None)[n % 4]
    return {"id": _id(0, n + 1000), "slug": f"{name.lower()}-{n}", "kind": KINDS[n % len(KINDS)], "country": country,
            "name": f"{name.capitalize()} {n % 89}" if n % 4 else name.capitalize(),
            "is_reviewed": n % 3 == 0}  # fmt: skip


def _article_row(number: int, n: int, title: str, text: str, day: date, source: int, copy_of: int | None) -> Row:
    return {
        "id": number, "url": f"https://outlet{source}.example/{n}", "title": title, "publisher": f"Outlet {source}",
        "source_id": f"outlet-{source}", "authors": "[]", "keywords": "[]", "summary": text[:150], "language": "en",
        "access": "open" if n % 9 else "paywalled", "published_from": str(day), "published_to": str(day),
        "published_basis": "json-ld", "published_words": str(day), "published_month": str(day)[:7],
        "fetched_at": STAMP, "first_seen_at": f"{day}T08:00:00Z", "changed_at": f"{day}T08:00:00Z",
        "versions": 1 + (n % 30 == 0), "word_count": text.count(" ") + 1,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(), "signals": "[]", "record_sha256": f"{n:064}",
        "is_relevant": 1, "relevance": 0.9, "relevance_words": "[]", "extracted_with": "bench", "copy_of_id": copy_of,
    }  # fmt: skip


def _version(number: int, article: int, n: int, title: str, text: str) -> Row:
    return {"id": number, "article_id": article, "n": n, "title": title, "seen_at": STAMP, "word_count": 100,
            "text_sha256": f"{n:064}", "text": text if n > 1 else text[:400]}  # fmt: skip


def _hop(number: int, article: int, n: int) -> Row:
    return {"id": number, "article_id": article, "n": 0, "kind": ("credited", "document")[n % 2],
            "name": f"Outlet {n % 40}", "method": "according-to", "confidence": 0.9,
            "words": "according to"}  # fmt: skip


def _mention(who: Row, start: int) -> Row:
    return {"entity_id": who["id"], "entity_slug": who["slug"], "kind": who["kind"], "name": who["name"],
            "method": "lexicon", "in_title": 0, "spans": [("mention", start, who["name"])]}  # fmt: skip


def _quote(who: Row, words: str, start: int) -> Row:
    return {"kind": "direct", "content": words, "speaker": who["name"], "speaker_kind": "organisation",
            "speaker_entity_id": who["id"], "speaker_slug": who["slug"], "affiliation": who["name"],
            "affiliation_entity_id": who["id"], "cue": "said", "is_rule_text": 0, "confidence": 0.9,
            "rule": "direct-behind", "spans": [("content", start, words)]}  # fmt: skip


if __name__ == "__main__":
    fill(Home(Path(sys.argv[1])).make(), int(sys.argv[2]))
