"""A home with as many invented articles as asked for, for measuring: ``python tests/bench/many.py HOME 20000``.

They are like news in what makes work: words as rare as words are, companies of which few are in everything, matters
that several outlets report for some days, copies, quotes that are printed again. The same seed gives the same home.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from crawler.items import Article, Interval
from data.home import Home
from data.ids import fact_ids, stable_id
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
    Sketch,
    Span,
    Text,
    Violation,
)  # fmt: skip
from extract.nearness import sketch_of
from extract.quote_groups import group_quotes, quote_keys

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FIRST = date(2021, 1, 1)
DAYS = 1800
"""Over which the articles are spread, in their order."""
SYLLABLES = ("bri", "lo", "qua", "mere", "fen", "tor", "vel", "ska", "dru", "nim", "os", "pel", "ruth", "wick", "zan")
STATUSES = ("alleged", "found", "under_investigation", "settled", "dismissed", "denied")
SENTENCES = 12
OPEN = 40
"""Matters that are reported at a time."""
BATCH = 500
"""Articles a transaction."""


@dataclass(slots=True)
class Matter:
    """What several articles are about."""

    number: int
    violator: Entity
    owner: Entity
    rule_type: str
    words: list[str]
    told: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    """Articles with their violations."""


@dataclass(frozen=True, slots=True)
class Told:
    """One article with what is found in it."""

    article: Article
    reading: Reading
    copy_of: int | None = None


def fill(home: Home, count: int, *, seed: int = 1) -> None:
    """Keep, read and group ``count`` articles, their groups being those they were made from."""
    world = World(seed)
    with Store(home.work_db) as store:
        store.sync_entities(world.companies)
        told = world.articles(count)
        while batch := list(islice(told, BATCH)):
            keep(store, batch)
        store.keep_copies(world.copies)
        store.promote_entities()
        store.keep_incidents(world.incidents(), now=NOW)
        store.keep_quote_groups(group_quotes(store.quotes()))


def keep(store: Store, batch: list[Told], *, extracted_with: str = "bench") -> None:
    """Put articles with their readings into the store, all at once."""
    with store.db.atomic():
        for one in batch:
            store.add_article(one.article, now=NOW)
        store.keep_readings([one.reading for one in batch], extracted_with=extracted_with)


class World:
    """Who there is and what happens to them."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)
        self.companies = [
            Entity(slug=name.lower(), kind="company", name=name.capitalize()) for name in self._names(600, 3)
        ]
        self.words = self._names(20_000, 4)
        self.heaviness = list(accumulate(1 / (rank + 8) for rank in range(len(self.words))))
        self.matters: list[Matter] = []
        self.copies: list[Copy] = []
        self._open: list[Matter] = []
        self._last: list[Told] = []
        self._said: list[str] = ["the tests were over"]

    def articles(self, count: int, *, start: int = 0, first: date = FIRST, days: int = DAYS) -> Iterator[Told]:
        """So many articles, numbered from ``start``, in the order of their days."""
        for n in range(start, start + count):
            day = first + timedelta(days=(n - start) * days // count)
            is_copy = self.rng.random() < 0.06 and self._last
            told = self._copy(n, day) if is_copy else self._told(n, day)
            if not is_copy:
                self._last = [*self._last[-200:], told]
            yield told

    def incidents(self) -> Iterator[Incident]:
        """The matters, with the articles that tell of them."""
        for matter in self.matters:
            if matter.told:
                yield Incident(
                    id=stable_id("bench-incident", matter.number), slug=f"matter-{matter.number}",
                    title=f"{matter.violator.name} alleged to have broken rules of {matter.owner.name}",
                    status="alleged", article_ids=tuple(article for article, _ in matter.told),
                    violation_ids=tuple(v for _, violations in matter.told for v in violations),
                )  # fmt: skip

    def _names(self, count: int, syllables: int) -> list[str]:
        names: dict[str, None] = {}
        while len(names) < count:
            names["".join(self.rng.choices(SYLLABLES, k=syllables))] = None
        return list(names)

    def _company(self) -> Entity:
        return self.companies[min(int(self.rng.paretovariate(0.7)) - 1, len(self.companies) - 1)]

    def _some_words(self, count: int) -> list[str]:
        return self.rng.choices(self.words, cum_weights=self.heaviness, k=count)

    def _matter(self) -> Matter | None:
        """What the next article is about: nothing in particular, a matter that is new, or one that is open."""
        if self.rng.random() < 0.65:
            return None
        if self.rng.random() < 0.3 or not self._open:
            words = [self.rng.choice(self.words) for _ in range(8)]
            new = Matter(len(self.matters), self._company(), self.rng.choice(self.companies),
                         self.rng.choice(RULE_TYPES), words)  # fmt: skip
            self.matters.append(new)
            self._open = [*self._open[-OPEN:], new]
            return new
        return self.rng.choice(self._open)

    def _told(self, n: int, day: date) -> Told:
        rng, matter = self.rng, self._matter()
        text, facts = "", []
        for number in range(SENTENCES):
            is_claim = matter is not None and (number == 0 or rng.random() < 0.1)
            company = matter.violator if matter and is_claim else self._company()
            words = " ".join(self._said_again() or self._sentence(matter))
            sentence = f"{company.name} said that the {words}. "
            facts.append(_mention(company, len(text)))
            if rng.random() < 0.2:
                facts.append(_quote(company, sentence, len(text)))
                self._said = [*self._said[-300:], words]
            if matter and is_claim:
                facts.append(_violation(rng, matter, sentence, len(text)))
            text += sentence
        title = " ".join([matter.violator.name, *matter.words[:4]] if matter else self._some_words(8))
        article = _article(n, day, f"{title} {n % 97}", text)
        sketch = sketch_of(Text(article_id=article.id, title=article.title, text=text))
        reading = _reading(article.id, tuple(facts), sketch)
        if matter:
            ids = tuple(i for i, fact in fact_ids(article.id, reading.facts) if isinstance(fact, Violation))
            matter.told.append((article.id, ids))
        return Told(article, reading)

    def _sentence(self, matter: Matter | None) -> list[str]:
        told = self.rng.sample(matter.words, 4) if matter else []
        return [*told, *self._some_words(22 - len(told))]

    def _said_again(self) -> list[str]:
        return self.rng.choice(self._said).split() if self.rng.random() < 0.02 else []

    def _copy(self, n: int, day: date) -> Told:
        first = self.rng.choice(self._last)
        article = replace(_article(n, day, first.article.title, first.article.text), fetched=NOW)
        self.copies.append(Copy(article_id=article.id, copy_of_id=first.article.id, similarity=1.0, method="same-text"))
        return Told(article, replace(first.reading, article_id=article.id), first.article.id)


def article_id(n: int) -> int:
    """Of the article of that number."""
    return stable_id("bench", n)


def _article(n: int, day: date, title: str, text: str) -> Article:
    return Article(
        id=article_id(n), url=f"https://outlet{n % 50}.example/{n}", title=title, text=text, fetched=NOW,
        publisher=f"Outlet {n % 50}", published=Interval(start=day, end=day, basis="json-ld", words=str(day)),
    )  # fmt: skip


def _reading(number: int, facts: tuple[Fact, ...], sketch: Sketch) -> Reading:
    relevance = Relevance(score=0.9, ai_words=("model",), policy_words=("terms",))
    keys = tuple(quote_keys(fact) for fact in facts if isinstance(fact, Quote))
    return Reading(
        article_id=number, language="en", relevance=relevance, facts=facts, sketch=sketch, quote_keys=keys
    )  # fmt: skip


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


def _violation(rng: random.Random, matter: Matter, sentence: str, start: int) -> Fact:
    company, owner = matter.violator, matter.owner
    parties = [Party(role="violator", name=company.name, entity=company.slug)]
    if owner is not company:
        parties.append(Party(role="rule_owner", name=owner.name, entity=owner.slug))
    return Violation(
        spans=(_span(sentence.strip(), start, "evidence"), _span(company.name, start, "violator")),
        parties=tuple(parties), rule="terms", rule_type=matter.rule_type, status=rng.choice(STATUSES),
        confidence=round(rng.random(), 2), rule_name="bench",
    )  # fmt: skip


if __name__ == "__main__":
    fill(Home(Path(sys.argv[1])).make(), int(sys.argv[2]))
