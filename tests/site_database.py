"""A published database for the tests of the site: the news of Veldania, a country that does not exist.

Everything in it is invented: a dispute over terms of service told by three outlets and a copy of undated origin, a fine
whose text may not be shown whole, an article in another language, and one article that attacks its reader.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.items import Article, Hop, Interval
from crawler.sources import Source
from data.home import Home
from data.publish import publish
from data.store import Store
from extract.facts import (
    Contradiction,
    Copy,
    Entity,
    Fact,
    Incident,
    Mention,
    Party,
    Quote,
    QuoteGroup,
    Reading,
    Relation,
    Relevance,
    Span,
    Violation,
    Wording,
)  # fmt: skip

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SUSPENDED, COPY, HERON, SETTLED, FINED, FOREIGN, HOSTILE = range(101, 108)
INCIDENT, MERGED = 501, 502
SCRIPT = "<script>document.title='broken'</script>"
ATTACK = f"{SCRIPT}\"'><img src=x onerror=\"document.title='broken'\">"
LEXICON = (
    Entity(slug="marrowgate-labs", kind="company", name="Marrowgate Labs", aliases=("Marrowgate",), country="DE"),
    Entity(slug="quillby-ai", kind="company", name="Quillby AI"),
    Entity(slug="marrow-2", kind="project", name="Marrow-2", parent="marrowgate-labs", description="A language model."),
    Entity(slug="hollowbrook-health", kind="company", name="Hollowbrook Health"),
    Entity(slug="osprenta", kind="company", name="Osprenta Robotics"),  # in no article
    Entity(slug="vdpa", kind="authority", name="Veldanian Data Protection Authority"),
    Entity(slug="veldanian-data-act", kind="rule", name="Veldanian Data Protection Act", subkind="law"),
)
PATIENTS = "“Patients came for treatment, not to become training data,”"
_SUSPENDED = (
    "Marrowgate Labs has suspended the account of Quillby AI after it used the output of Marrow-2 to train a chatbot."
    "\n\n"
    "The practice violates Marrowgate’s terms of service, according to internal documents seen by The Veldania Ledger. "
    "It is the first time that the company has locked out a customer of that size in the country.\n\n"
    "What Marrowgate says\n\n"
    "“We suspended the account on Friday,” said Ilse Varnholt, a spokesperson for Marrowgate Labs. “If the rules were "
    "broken, we will end the contract.” 😀 Quillby AI did not answer a request for comment."
)
_HERON = (
    "Quillby AI is accused of breaching the terms of service of Marrowgate Labs. According to The Veldania Ledger, it "
    "trained its next model on bought answers. “Such cases are hard to prove,” said Anneke Strool, who teaches law."
)
_SETTLED = (
    "Quillby AI has admitted that it broke the terms of service of Marrowgate Labs. It agreed to pay €750,000.\n\n"
    "“We were wrong,” said Tomas Brennick, chief executive of Quillby AI."
)
_FINED = (
    "The Veldanian Data Protection Authority has fined Hollowbrook Health €4.2 million for training a system on the "
    "records of 310,000 patients without their consent. "
    + "The clinic chain runs forty houses between the port and the hills and has done so for thirty years. " * 6
    + f"{PATIENTS} said Maren Odelind, the head of the authority. "
    + "The chain may appeal within a month, and its lawyers were reading the order on Monday evening. " * 4
)
_HOSTILE = (
    f"{ATTACK} is accused of breaking =HYPERLINK(\"javascript:alert(1)\") rules. "
    f"“{SCRIPT} we did nothing,” said {ATTACK}.\n\n"
    "]]> &amp; \u202e desrever \u202c " + "x" * 400
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article and what is found in it."""

    article: Article
    facts: tuple[Fact, ...] = ()
    language: str = "en"


def site_home(path: Path) -> Home:
    """A home with all of it, published."""
    home = Home(path).make()
    with Store(home.work_db) as store:
        store.register_sources(SOURCES, now=NOW)
        store.sync_entities(LEXICON)
        for report in REPORTS:
            store.add_article(report.article, now=NOW)
            relevance = Relevance(score=0.9, ai_words=("model",), policy_words=("terms",))
            reading = Reading(
                article_id=report.article.id, language=report.language, relevance=relevance, facts=report.facts
            )
            store.keep_reading(reading, extracted_with="1")
        store.keep_copies([Copy(article_id=COPY, copy_of_id=SUSPENDED, similarity=1.0, method="same-text")])
        store.keep_quote_groups(_quote_groups(store))
        _group(store)
        _change(store)
    publish(home)
    return home


def _group(store: Store) -> None:
    """One incident, first alleged, later admitted, which has taken up another."""
    claims = {story.article_id: tuple(number for number, _ in story.violations) for story in store.stories()}
    first = _incident(INCIDENT, "alleged", (SUSPENDED,), claims)
    store.keep_incidents([first, _incident(MERGED, "alleged", (HERON,), claims)], now=NOW - timedelta(days=9))
    store.keep_incidents([_incident(INCIDENT, "admitted", (SUSPENDED, HERON, SETTLED), claims)], now=NOW)
    told = {number: claim.status for story in store.stories() for number, claim in story.violations}
    one, other = claims[HERON][0], claims[SETTLED][0]
    differs = Contradiction(
        incident_id=INCIDENT, field="status", violation_id=one, value=told[one], other_id=other, other_value=told[other]
    )  # fmt: skip
    store.keep_contradictions([differs])


def _incident(number: int, status: Any, articles: tuple[int, ...], claims: dict[int, tuple[int, ...]]) -> Incident:
    titles = {
        "alleged": "Quillby AI alleged to have broken the terms of service of Marrowgate Labs",
        "admitted": "Quillby AI reported to have admitted breaking the terms of service of Marrowgate Labs",
    }
    return Incident(
        id=number, slug=f"quillby-terms-{number}", title=titles[status], status=status, article_ids=articles,
        violation_ids=tuple(claim for article in articles for claim in claims[article]),
        joined_by=tuple((article, "Quillby AI, terms of service") for article in articles[1:]),
    )  # fmt: skip


def _quote_groups(store: Store) -> Iterable[QuoteGroup]:
    """The same words of Ilse Varnholt in the first article and its copy."""
    same = sorted((q.id, q.article_id) for q in store.quotes() if q.quote.speaker == "Ilse Varnholt")
    wording = Wording(words=_SPOKEN, quote_ids=tuple(number for number, _ in same), relation="whole")
    yield QuoteGroup(quote_ids=wording.quote_ids, article_ids=tuple(a for _, a in same), wordings=(wording,))


def _change(store: Store) -> None:
    """The first article changes: a version more, the facts stay."""
    changed = replace(
        REPORTS[0].article, text=_SUSPENDED + "\n\nQuillby AI denied the report on Tuesday.", fetched=LATER
    )
    store.add_article(changed, now=LATER)
    reading = Reading(
        article_id=SUSPENDED, language="en", facts=REPORTS[0].facts,
        relevance=Relevance(score=0.9, ai_words=("model",), policy_words=("terms",)),
    )  # fmt: skip
    store.keep_reading(reading, extracted_with="1")


def _span(text: str, words: str, role: str = "evidence") -> Span:
    start = text.index(words)
    return Span(start_char=start, end_char=start + len(words), words=words, role=role)


def _mention(text: str, words: str, kind: Any, entity: str | None = None) -> Mention:
    return Mention(spans=(_span(text, words, "mention"),), kind=kind, name=words, entity=entity, method="lexicon")


def _quote(text: str, pieces: tuple[str, ...], speaker: str, **more: Any) -> Quote:
    spans = tuple(_span(text, piece, "content") for piece in pieces)
    return Quote(
        spans=(*spans, _span(text, "said", "cue")), kind="direct", content=" ".join(pieces), cue="said",
        speaker=speaker, speaker_kind="person", confidence=0.95, rule="direct-behind", **more,
    )  # fmt: skip


def _claim(text: str, evidence: str, status: Any, *parties: Party, **more: Any) -> Violation:
    named = tuple(_span(text, party.name, party.role) for party in parties)
    return Violation(
        spans=(_span(text, evidence), *named),
        parties=parties,
        status=status,
        confidence=0.8,
        rule_name="breach",
        **more,
    )


def _article(number: int, title: str, text: str, day: date, publisher: str, source: str | None, **more: Any) -> Article:
    more = {"url": f"https://{(source or 'hand')}.veldania.example/{number}"} | more
    published = Interval(start=day, end=day, basis="json-ld", words=day.isoformat())
    more = {"published": published} | more
    return Article(id=number, title=title, text=text, publisher=publisher, source_id=source, fetched=NOW, **more)


_SPOKEN = "“We suspended the account on Friday,” “If the rules were broken, we will end the contract.”"
_TERMS = {"rule": "terms of service", "rule_type": "terms_of_service"}
_QUILLBY = Party(role="violator", name="Quillby AI", entity="quillby-ai")
_MARROWGATE = Party(role="rule_owner", name="Marrowgate Labs", entity="marrowgate-labs")


def _suspended_facts() -> tuple[Fact, ...]:
    text = _SUSPENDED
    evidence = text.split("\n")[0]
    return (
        _mention(text, "Marrowgate Labs", "company", "marrowgate-labs"),
        _mention(text, "Quillby AI", "company", "quillby-ai"),
        _mention(text, "Marrow-2", "project", "marrow-2"),
        _quote(
            text, ("“We suspended the account on Friday,”", "“If the rules were broken, we will end the contract.”"),
            "Ilse Varnholt", role="spokesperson", affiliation="Marrowgate Labs",
        ),
        _claim(
            text, evidence, "alleged", _QUILLBY, _MARROWGATE, replace(_MARROWGATE, role="enforcer"),
            sanction="account_suspension", response="no_comment", act="used the output of Marrow-2 to train a chatbot",
            **_TERMS,
        ),
    )  # fmt: skip


def _hostile_facts() -> tuple[Fact, ...]:
    text = _HOSTILE
    name = ATTACK
    return (
        _mention(text, name, "company"),
        _quote(text, (f"“{SCRIPT} we did nothing,”",), name, affiliation=name, via=name),
        _claim(
            text, text.split(" “")[0], "denied", Party(role="violator", name=name), rule=name, act=name,
            rule_type="unspecified",
        ),
    )  # fmt: skip


SOURCES = (
    Source(id="ledger", name="The Veldania Ledger", kind="feed", url="https://ledger.veldania.example/feed.xml",
           tier="full", country="DE"),
    Source(id="wire", name="Veldania Wire", kind="feed", url="https://wire.veldania.example/atom.xml", tier="facts"),
    Source(id="evil", name=ATTACK, kind="feed", url="https://evil.veldania.example/feed.xml", tier="full"),
)  # fmt: skip
REPORTS = (
    Report(
        article=_article(
            SUSPENDED, "Marrowgate suspends Quillby AI’s account over chatbot training", _SUSPENDED, date(2025, 3, 3),
            "The Veldania Ledger", "ledger",
            hops=(Hop(kind="document", name="internal documents", method="document-named", confidence=0.7,
                      words="internal documents seen by The Veldania Ledger"),),
        ),
        facts=_suspended_facts(),
    ),
    Report(
        article=_article(
            COPY, "Marrowgate suspends Quillby AI’s account over chatbot training", _SUSPENDED, date(2025, 3, 1),
            "Newsmash Ten", None,
            published=Interval(start=date(2025, 3, 1), end=date(2025, 3, 31), basis="relative", words="3 months ago"),
            hops=(Hop(kind="copy_of", name="The Veldania Ledger", url="https://ledger.veldania.example/101",
                      method="article-from", confidence=0.9, words="This article is from The Veldania Ledger"),),
        ),
        facts=_suspended_facts(),
    ),
    Report(
        article=_article(
            HERON, "Project Heron: how a chatbot firm was locked out", _HERON, date(2025, 3, 4), "Brine & Byte", None,
            hops=(Hop(kind="credited", name="The Veldania Ledger", method="according-to", confidence=0.9,
                      words="According to The Veldania Ledger"),),
        ),
        facts=(
            _mention(_HERON, "Quillby AI", "company", "quillby-ai"),
            _quote(_HERON, ("“Such cases are hard to prove,”",), "Anneke Strool"),
            _claim(_HERON, _HERON.split(" According")[0], "alleged", _QUILLBY, _MARROWGATE, **_TERMS),
        ),
    ),
    Report(
        article=_article(
            SETTLED, "Quillby AI admits it broke Marrowgate’s terms", _SETTLED, date(2025, 4, 18),
            "The Veldania Ledger", "ledger",
        ),
        facts=(
            _mention(_SETTLED, "Quillby AI", "company", "quillby-ai"),
            _quote(_SETTLED, ("“We were wrong,”",), "Tomas Brennick", role="chief executive", affiliation="Quillby AI"),
            Relation(spans=(_span(_SETTLED, "Tomas Brennick, chief executive of Quillby AI"),), kind="employee_of",
                     subject="Tomas Brennick", object="Quillby AI", object_entity="quillby-ai"),
            _claim(
                _SETTLED, _SETTLED.split(" It agreed")[0], "admitted", _QUILLBY, _MARROWGATE,
                sanction="settlement_payment", amount=750000.0, currency="EUR", **_TERMS,
            ),
        ),
    ),
    Report(
        article=_article(
            FINED, "Regulator fines Hollowbrook Health 4.2 million euros", _FINED, date(2025, 4, 7), "Veldania Wire",
            "wire",
        ),
        facts=(
            _mention(_FINED, "Hollowbrook Health", "company", "hollowbrook-health"),
            _quote(_FINED, (PATIENTS,), "Maren Odelind", role="head"),
            _claim(
                _FINED, _FINED.split(" The clinic")[0], "found",
                Party(role="violator", name="Hollowbrook Health", entity="hollowbrook-health"),
                Party(role="enforcer", name="Veldanian Data Protection Authority", entity="vdpa"),
                rule="Veldanian Data Protection Act", rule_entity="veldanian-data-act", rule_type="privacy",
                sanction="fine", amount=4.2e6, currency="EUR",
            ),
        ),
    ),
    Report(
        article=_article(
            FOREIGN, "Bußgeld gegen Hollowbrook", "Die Behörde hat ein Bußgeld verhängt.", date(2025, 4, 8),
            "Hafenblatt", None,
        ),
        language="de",
    ),
    Report(
        article=_article(
            HOSTILE, ATTACK, _HOSTILE, date(2025, 5, 1), ATTACK, "evil", url="javascript:alert(document.domain)",
            hops=(Hop(kind="credited", name=ATTACK, url="javascript:alert(1)", method="link", confidence=0.5,
                      words=ATTACK),),
        ),
        facts=_hostile_facts(),
    ),
)  # fmt: skip
