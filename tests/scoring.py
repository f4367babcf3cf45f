"""Adapters for the evaluation scorers: each takes what a scorer gives and answers as it wants to be answered."""

import re
from collections import Counter
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Span

from crawler.pages.generic import read_page
from crawler.pages.plain import read_plain
from extract import facts
from extract.facts import Quote, Story, Text
from extract.grouping import grouped
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_LABELS = {
    "COMPANY": "ORG",
    "AUTHORITY": "ORG",
    "OUTLET": "ORG",
    "ORG": "ORG",
    "PERSON": "PERSON",
    "PROJECT": "PRODUCT",
    "GPE": "GPE",
}


def article(html: str, url: str | None) -> dict[str, object]:
    """A page as the article scorers want it: text, title, authors, date, site."""
    read = read_page(html, url or "https://example.org/", fetched=None)
    return {
        "text": read.text,
        "title": read.title,
        "authors": list(read.authors),
        "date": str(read.published.start) if read.published and read.published.start else None,
        "site": read.publisher,
    }


_LEXICON = cache(load_lexicon)


@cache
def _pipeline() -> Language:
    return build_pipeline(_LEXICON())


def entities(texts: list[str]) -> list[list[dict[str, object]]]:
    """For each text the names in it, labelled ORG, PERSON, GPE or PRODUCT."""
    nlp = _pipeline()
    with nlp.select_pipes(disable=[p for p in ("blotter_quotes", "blotter_violations") if p in nlp.pipe_names]):
        docs = nlp.pipe([document(nlp, Text(article_id=0, title="", text=text)) for text in texts], batch_size=64)
        return [
            [
                {"start": s.start_char, "end": s.end_char, "label": _label(s), "text": s.text}
                for s in (*doc.spans["entities"], *doc.spans["makers"], *doc.spans["places"])
                if s.label_ in _LABELS
            ]
            for doc in docs
        ]


def quotes(text: str) -> list[dict[str, object]]:
    """The quotes of a text as the quote scorer wants them; one with broken lines is read as `blotter add` reads it."""
    nlp = _pipeline()
    title, body, offsets = _as_added(text)
    with nlp.select_pipes(disable=[p for p in ("blotter_violations",) if p in nlp.pipe_names]):
        doc = nlp(document(nlp, Text(article_id=0, title=title, text=body)))
    return [_scored_quote(quote, offsets, doc._.body_start) for quote in doc._.quotes]


def _as_added(text: str) -> tuple[str, str, list[int]]:
    """Title and body, and where each character of the body stands in the text; only for texts broken at links."""
    if not re.search(r"\n[,;’](?:s\b|\s)", text):
        return "", text, list(range(len(text) + 1))
    article = read_plain(text, "urn:text", fetched=None)
    offsets, at = [], text.index(article.text[:5])
    for char in article.text:
        at = at if char.isspace() else text.index(char, at)
        offsets.append(at)
        at += not char.isspace()
    return article.title, article.text, [*offsets, at]


def _scored_quote(quote: Quote, offsets: list[int], start: int) -> dict[str, object]:
    def place(span: facts.Span) -> tuple[int, int]:
        return offsets[span.start_char - start], offsets[span.end_char - start - 1] + 1

    spans = {span.role: span for span in reversed(quote.spans)}
    content = [place(span) for span in quote.spans if span.role == "content"]
    found: dict[str, object] = {
        "start": content[0][0],
        "end": content[-1][1],
        "fragments": content,
        "type": quote.kind,
        "speaker_resolved": quote.speaker,
        "role": quote.role,
        "affiliation": quote.affiliation,
        "via": quote.via,
        "cue": quote.cue,
    }
    for role in ("speaker", "cue"):
        if (span := spans.get(role)) is not None:
            found[f"{role}_start"], found[f"{role}_end"] = place(span)
            found[f"{role}_text"] = span.words
    return found


def _companies(doc: Doc) -> list[str]:
    """Commercial firms: of the lexicon, or named twice, or a party; and platforms that act in their own name."""
    parties = {p.name for v in doc._.violations for p in v.parties}
    spans = [s for s in doc.spans["entities"] if s.label_ in ("COMPANY", "PROJECT")]
    counts = Counter(s._.name for s in spans if s.start_char >= doc._.body_start)
    found: dict[str, None] = {}
    for span in spans:
        record = _LEXICON().get(span.kb_id_ or None)
        name = span._.name
        if span.label_ == "PROJECT":
            is_firm = record is not None and record.subkind == "platform" and name in parties
        elif record is not None:
            is_firm = record.subkind != "nonprofit"
        else:
            is_firm = counts[name] > 1 or name in parties or span._.method != "model"
        if is_firm:
            found[name] = None
    return list(found)


def violations(text: str) -> dict[str, object]:
    """Companies, projects and violations of a text (title, blank line, body) as the violation scorer wants them."""
    title, _, body = text.partition("\n\n")
    nlp = _pipeline()
    doc = nlp(document(nlp, Text(article_id=0, title=title, text=body)))
    return {
        "companies": _companies(doc),
        "projects": list(dict.fromkeys(s._.name for s in doc.spans["entities"] if s.label_ == "PROJECT")),
        "violations": [
            {
                "violators": list(v.named("violator")),
                "rule": v.rule or (record.name if (record := _LEXICON().get(v.rule_entity)) else "unspecified"),
                "rule_type": v.rule_type,
                "status": v.status,
                "evidence_sentence": v.evidence.words,
                "sanction": v.sanction,
                "amount": v.amount,
            }
            for v in doc._.violations
        ],
    }


def _label(span: Span) -> str:
    """A platform is a project of ours; who labels news calls it an organisation, but for what is posted "on" it."""
    record = _LEXICON().get(span.kb_id_)
    if (
        record
        and record.subkind == "platform"
        and (not span.start or span.doc[span.start - 1].lower_ not in ("on", "via"))
    ):
        return "ORG"
    return _LABELS[span.label_]


def incidents(articles: list[dict[str, str]]) -> list[int]:
    """For each article the number of its group, as the grouping scorer wants them."""
    stories = [
        Story(
            article_id=n,
            title=a["title"],
            text=a["text"],
            published=a.get("date") or None,
            publisher=a.get("publisher"),
        )
        for n, a in enumerate(articles)
    ]
    group_of = {m.story.article_id: n for n, group in enumerate(grouped(stories)) for m in group.matters}
    return [group_of[n] for n in range(len(articles))]
