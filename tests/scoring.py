"""Adapters for the evaluation scorers: each takes what a scorer gives and answers as it wants to be answered."""

from functools import cache

from spacy.language import Language

from crawler.pages.generic import read_page
from extract.facts import Text
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_LABELS = {"COMPANY": "ORG", "AUTHORITY": "ORG", "OUTLET": "ORG", "PERSON": "PERSON", "PROJECT": "PRODUCT", "GPE": "GPE"}


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


@cache
def _pipeline() -> Language:
    return build_pipeline(load_lexicon())


def entities(texts: list[str]) -> list[list[dict[str, object]]]:
    """For each text the names in it, labelled ORG, PERSON, GPE or PRODUCT."""
    nlp = _pipeline()
    with nlp.select_pipes(disable=[p for p in ("blotter_quotes", "blotter_violations") if p in nlp.pipe_names]):
        docs = nlp.pipe([document(nlp, Text(article_id=0, title="", text=text)) for text in texts], batch_size=64)
        return [
            [
                {"start": s.start_char, "end": s.end_char, "label": _LABELS[s.label_], "text": s.text}
                for s in (*doc.spans["entities"], *doc.spans["places"])
                if s.label_ in _LABELS
            ]
            for doc in docs
        ]
