"""A home with as many invented articles as asked for, for measuring: ``python tests/bench/many.py HOME 20000``."""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from crawler.items import Article, Interval
from data.home import Home
from data.ids import stable_id
from data.store import Store
from extract.facts import (
    RULE_TYPES,
    Copy,
    Entity,
    Fact,
    Incident,
    Mention,
    Party,
    Quote,
    Reading,
    Relevance,
    Span,
    Violation,
)  # fmt: skip

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SYLLABLES = ("bri", "lo", "qua", "mere", "fen", "tor", "vel", "ska", "dru", "nim", "os", "pel", "ruth", "wick", "zan")
WORDS = [f"word{n}" for n in range(400)]
STATUSES = ("alleged", "found", "under_investigation", "settled", "dismissed", "denied")


def fill(home: Home, count: int, *, seed: int = 1) -> None:
    """Keep, read and group ``count`` articles; the same seed gives the same home."""
    rng = random.Random(seed)
    companies = [Entity(slug=name.lower(), kind="company", name=name) for name in sorted(_names(rng, 600))]
    with Store(home.work_db) as store:
        store.sync_entities(companies)
        violations: list[tuple[int, int]] = []
        for n in range(count):
            article, reading = _article(rng, n, companies)
            with store.db.atomic():
                store.add_article(article, now=NOW)
                store.keep_reading(reading, extracted_with="bench")
        copies = [
            Copy(article_id=_id(n), copy_of_id=_id(n - 1), similarity=0.9, method="shingles")
            for n in range(5, count, 10)
        ]
        store.keep_copies(copies)
        store.promote_entities()
        rows = store.db.execute(
            "select v.article_id, v.id from violations v join articles a on a.id = article_id"
            " where copy_of_id is null order by first_seen_at, v.id"
        )
        violations = rows.fetchall()
        store.keep_incidents(_incidents(violations), now=NOW)


def _names(rng: random.Random, count: int) -> set[str]:
    names: set[str] = set()
    while len(names) < count:
        names.add("".join(rng.choices(SYLLABLES, k=3)).capitalize())
    return names


def _id(n: int) -> int:
    return stable_id("bench", n)


def _article(rng: random.Random, n: int, companies: list[Entity]) -> tuple[Article, Reading]:
    text, facts = "", []
    for _ in range(12):
        company = companies[min(int(rng.paretovariate(0.7)) - 1, len(companies) - 1)]
        sentence = f"{company.name} said that the {' '.join(rng.choices(WORDS, k=22))}. "
        facts.append(_mention(company, len(text)))
        if rng.random() < 0.2:
            facts.append(_quote(company, sentence, len(text)))
        if rng.random() < 0.03:
            facts.append(_violation(rng, company, rng.choice(companies), sentence, len(text)))
        text += sentence
    day = date(2021, 1, 1) + timedelta(days=rng.randrange(1800))
    article = Article(
        id=_id(n), url=f"https://outlet{n % 50}.example/{n}", title=text[:70], text=text, fetched=NOW,
        publisher=f"Outlet {n % 50}", published=Interval(start=day, end=day, basis="json-ld", words=str(day)),
    )  # fmt: skip
    relevance = Relevance(score=0.9, ai_words=("model",), policy_words=("terms",))
    return article, Reading(article_id=article.id, language="en", relevance=relevance, facts=tuple(facts))


def _span(words: str, start: int, role: str) -> Span:
    return Span(start_char=start, end_char=start + len(words), words=words, role=role)


def _mention(company: Entity, start: int) -> Fact:
    return Mention(
        spans=(_span(company.name, start, "mention"),), kind="company", name=company.name, entity=company.slug,
        method="lexicon",
    )  # fmt: skip


def _quote(company: Entity, sentence: str, start: int) -> Fact:
    content = sentence[sentence.index("that ") + 5 :].strip()
    return Quote(
        spans=(_span(content, start + sentence.index(content), "content"), _span(company.name, start, "speaker")),
        kind="direct", content=content, speaker=company.name, speaker_entity=company.slug, affiliation=company.name,
        speaker_kind="organisation", confidence=0.9, rule="bench",
    )  # fmt: skip


def _violation(rng: random.Random, company: Entity, owner: Entity, sentence: str, start: int) -> Fact:
    parties = [Party(role="violator", name=company.name, entity=company.slug)]
    if owner is not company:
        parties.append(Party(role="rule_owner", name=owner.name, entity=owner.slug))
    return Violation(
        spans=(_span(sentence.strip(), start, "evidence"), _span(company.name, start, "violator")),
        parties=tuple(parties), rule="terms", rule_type=rng.choice(RULE_TYPES), status=rng.choice(STATUSES),
        confidence=round(rng.random(), 2), rule_name="bench",
    )  # fmt: skip


def _incidents(violations: list[tuple[int, int]]) -> Iterator[Incident]:
    """Groups of up to five articles, as they come."""
    by_article: dict[int, list[int]] = {}
    for article, violation in violations:
        by_article.setdefault(article, []).append(violation)
    articles = list(by_article)
    for i in range(0, len(articles), 5):
        group = tuple(articles[i : i + 5])
        found = tuple(v for article in group for v in by_article[article])
        yield Incident(
            id=stable_id("bench-incident", i), slug=f"matter-{i}", title=f"Matter {i}", status="alleged",
            article_ids=group, violation_ids=found,
        )  # fmt: skip


if __name__ == "__main__":
    fill(Home(Path(sys.argv[1])).make(), int(sys.argv[2]))
