"""A small invented matter for tests of the databases: an article, what is found in it, and a home that holds it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from crawler.items import Article, Cut, Hop, Interval, Origin
from data.home import Home
from data.store import Store
from extract.facts import Copy, Entity, Incident, Mention, Party, Quote, Reading, Relevance, Span, Violation

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TEXT = "Brightloom broke the terms of Quillmere. “We regret it,” said Ada Fennimore, a spokesperson."
ARTICLE = Article(
    id=11,
    url="https://outlet.example/a",
    title="Brightloom broke terms",
    authors=("A. Writer",),
    text=TEXT,
    fetched=NOW,
    published=Interval(start=date(2026, 2, 28), end=date(2026, 2, 28), basis="json-ld", words="2026-02-28"),
    hops=(Hop(kind="credited", name="Other Outlet", method="according-to", confidence=0.9, words="according to"),),
    origins=(Origin(field="title", origin="json-ld"),),
    cuts=(Cut(words="Subscribe", score=0.1, reason="chrome"),),
)
RELEVANT = Relevance(score=0.9, ai_words=("model",), policy_words=("terms",))


def span(words: str, role: str = "evidence") -> Span:
    start = TEXT.index(words)
    return Span(start_char=start, end_char=start + len(words), words=words, role=role)


def reading(article_id: int = 11) -> Reading:
    facts = (
        Mention(spans=(span("Brightloom", "mention"),), kind="company", name="Brightloom", method="rule"),
        Mention(
            spans=(span("Ada Fennimore", "mention"),), kind="person", name="Ada Fennimore", method="model",
            role="spokesperson",
        ),
        Mention(
            spans=(span("Quillmere", "mention"),), kind="company", name="Quillmere", entity="quillmere",
            method="lexicon",
        ),
        Quote(
            spans=(span("We regret it,", "content"), span("said", "cue")), kind="direct", content="We regret it,",
            cue="said", speaker="Ada Fennimore", speaker_kind="person", affiliation="Quillmere", confidence=0.9,
            rule="cue",
        ),
        Violation(
            spans=(span("Brightloom broke the terms of Quillmere."), span("Brightloom", "violator")),
            parties=(Party(role="violator", name="Brightloom"),
                     Party(role="rule_owner", name="Quillmere", entity="quillmere")),
            rule="terms", rule_type="terms_of_service", status="alleged", confidence=0.8, rule_name="frame",
        ),
    )  # fmt: skip
    return Reading(article_id=article_id, language="en", relevance=RELEVANT, facts=facts)


LEXICON = (Entity(slug="quillmere", kind="company", name="Quillmere", aliases=("Quillmere Ltd",)),)


def article(number: int) -> Article:
    """The same report at another address."""
    return replace(ARTICLE, id=number, url=f"https://outlet.example/{number}")


def incident(number: int, articles: tuple[int, ...], violations: tuple[int, ...] = (), *, status="alleged") -> Incident:
    return Incident(
        id=number, slug=f"matter-{number}", title="A matter", status=status, article_ids=articles,
        violation_ids=violations,
    )  # fmt: skip


def fill(store: Store, *numbers: int) -> None:
    """Keep, read and group reports of these ids; 13 is a copy of 11."""
    store.sync_entities(LEXICON)
    for number in numbers:
        store.add_article(article(number), now=NOW)
        store.keep_reading(reading(number), extracted_with="1")
    if 13 in numbers:
        store.keep_copies([Copy(article_id=13, copy_of_id=11, similarity=1.0, method="same-text")])
    store.promote_entities()
    found = list(store.stories())
    violations = tuple(number for story in found for number, _ in story.violations)
    store.keep_incidents([incident(1, tuple(s.article_id for s in found), violations)], now=NOW)


def made(path: Path, *numbers: int) -> Home:
    """A home that holds reports of these ids, not published yet."""
    home = Home(path).make()
    with Store(home.work_db) as store:
        fill(store, *numbers)
    return home
