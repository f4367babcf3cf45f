"""Whom a pronoun, a surname or "the company" stands for, where that is safe to say."""

from spacy.tokens import Doc, Span, Token

from extract.components.annotations import ORGANISATIONS

_PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
_THING_PRONOUNS = frozenset({"it", "its", "itself"})
_PLURAL_PRONOUNS = frozenset({"they", "them", "their", "theirs", "themselves"})
_ORGANISATION_NOUNS = frozenset({"company", "firm", "startup", "start-up", "lab", "developer", "maker", "giant"})
_AUTHORITY_NOUNS = frozenset({"regulator", "agency", "watchdog", "commission", "authority", "court", "ministry"})


def entity_at(doc: Doc, token: Token) -> Span | None:
    """The entity that the token is part of."""
    return next((span for span in doc.spans["entities"] if span.start <= token.i < span.end), None)


def resolve(doc: Doc, token: Token) -> Span | None:
    """The named entity that a token stands for: its own, or the one a pronoun or "the company" points back to."""
    if (own := entity_at(doc, token)) is not None:
        return own
    word = token.lower_
    if word in _PERSON_PRONOUNS:
        return _last(doc, token, frozenset({"PERSON"}))
    if word in _THING_PRONOUNS or word in _PLURAL_PRONOUNS:
        return _last(doc, token, ORGANISATIONS - {"OUTLET"})
    if word in _ORGANISATION_NOUNS and _is_definite(token):
        return _last(doc, token, frozenset({"COMPANY"}))
    if word in _AUTHORITY_NOUNS and _is_definite(token):
        return _last(doc, token, frozenset({"AUTHORITY"}))
    return None


def _is_definite(token: Token) -> bool:
    return any(child.lower_ in ("the", "this", "that") and child.i < token.i for child in token.children)


def _last(doc: Doc, token: Token, labels: frozenset[str]) -> Span | None:
    """The last subject of that kind in the two sentences before, or the last one of that kind there."""
    sentences = [s for s in doc.sents if s.start <= token.i][-3:]
    before = [
        s for s in doc.spans["entities"] if s.label_ in labels and sentences[0].start <= s.start and s.end <= token.i
    ]
    subjects = [s for s in before if s.root.dep_ in ("nsubj", "nsubjpass")]
    return (subjects or before or [None])[-1]
