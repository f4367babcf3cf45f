"""Whom a pronoun, a surname or "the company" stands for, where that is safe to say."""

from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from extract.components.annotations import ORGANISATIONS

_PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
_THING_PRONOUNS = frozenset({"it", "its", "itself"})
_PLURAL_PRONOUNS = frozenset({"they", "them", "their", "theirs", "themselves"})
_POSSESSIVES = frozenset({"his", "her", "its", "their"})
_COMPANY_NOUNS = frozenset(
    {"company", "firm", "startup", "start-up", "lab", "giant", "corporation", "business", "chipmaker", "carmaker",
     "automaker", "publisher", "retailer", "platform", "provider", "vendor", "nonprofit", "conglomerate", "group"}
)  # fmt: skip
_AUTHORITY_NOUNS = frozenset(
    {"regulator", "agency", "watchdog", "commission", "authority", "court", "ministry", "department", "parliament",
     "commissioner", "bureau", "office", "tribunal"}
)  # fmt: skip
_PROJECT_NOUNS = frozenset(
    {"chatbot", "app", "model", "tool", "bot", "assistant", "robot", "robotaxi", "browser", "dataset"}
)
_OWNERS = frozenset({"owner", "maker", "parent", "developer", "creator", "operator"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_WINDOW = 3  # sentences, the token's own included


def entity_at(entities: Iterable[Span], token: Token) -> Span | None:
    """The entity that the token is part of."""
    return next((span for span in entities if span.start <= token.i < span.end), None)


def resolve(doc: Doc, token: Token, entities: Sequence[Span] | None = None) -> Span | None:
    """The named entity that a token stands for: its own, or the one that a pronoun or "the company" points back to.

    Of two that could be meant none is, unless one of them alone is a subject. Who asks often gives the list of the
    Doc's ``entities``, for a Doc makes each span anew whenever it is asked.
    """
    entities = list(doc.spans["entities"]) if entities is None else entities
    if (own := entity_at(entities, token)) is not None:
        return own
    word = "start-up" if token.lower_ == "up" and token.i > 1 and token.nbor(-2).lower_ == "start" else token.lower_
    if word in _PERSON_PRONOUNS:
        return _meant(doc, entities, token, frozenset({"PERSON"}))
    if word in _THING_PRONOUNS or word in _PLURAL_PRONOUNS:
        return _meant(doc, entities, token, ORGANISATIONS - {"OUTLET"})
    if word in _OWNERS and (named := _owned(doc, entities, token)) is not None:
        return named
    if not _is_definite(token):
        return None
    for nouns, labels in (
        (_COMPANY_NOUNS | _OWNERS, {"COMPANY", "ORG"}),
        (_AUTHORITY_NOUNS, {"AUTHORITY"}),
        (_PROJECT_NOUNS, {"PROJECT"}),
    ):
        if word in nouns:
            return _meant(doc, entities, token, frozenset(labels))
    return None


def _owned(doc: Doc, entities: Sequence[Span], token: Token) -> Span | None:
    """ "the TikTok owner", "the owner of TikTok": the firm in the article that owns it."""
    things = [entity_at(entities, child) for child in token.subtree if child.i != token.i]
    for thing in things:
        owner = doc._.owners.get(thing.kb_id_ or thing._.name) if thing is not None else None
        if owner:
            return next((s for s in entities if (s.kb_id_ or s._.name) == owner), None)
    return None


def _is_definite(token: Token) -> bool:
    """Whether it is "the company", not "a company", and not "the company X"."""
    if any(child.dep_ in ("appos", "prep") and child.lower_ != "in" for child in token.children):
        return False
    return any(child.lower_ in ("the", "this", "that") and child.i < token.i for child in token.children)


def _meant(doc: Doc, entities: Sequence[Span], token: Token, labels: frozenset[str]) -> Span | None:
    """The nearest candidate in the sentence if the token is in its later part, else the subject of the last before."""
    for sentence in _sentences_back(doc, token):
        here = [
            span
            for span in entities
            if span.label_ in labels and sentence.start <= span.start and span.end <= min(sentence.end, token.i)
        ]
        if sentence.end > token.i:
            here = [span for span in here if not _is_beside(span, token)]
        if here:
            return _chosen(here, token)
    return None


def _sentences_back(doc: Doc, token: Token) -> Iterator[Span]:
    """The token's own sentence, then those before it; found from the token on, for a long text has very many."""
    sentence = token.sent
    yield sentence
    for _ in range(_WINDOW - 1):
        if sentence.start == 0:
            return
        sentence = doc[sentence.start - 1].sent
        yield sentence


def _is_beside(span: Span, token: Token) -> bool:
    """Whether both are objects or both subjects of one verb, which are never the same thing."""
    return span.root.head == token.head and token.lower_ not in _POSSESSIVES and span.root.dep_ != "poss"


def _chosen(here: list[Span], token: Token) -> Span | None:
    """The one entity, the one subject among several, or the last one for "its"."""
    if len({span.kb_id_ or span._.name for span in here}) == 1:
        return here[-1]
    subjects = [span for span in here if span.root.dep_ in _SUBJECTS]
    if subjects and any(other in span for other in subjects[-1].root.conjuncts for span in here):
        return None  # "X and Y did": which of them?
    if subjects:
        return subjects[-1]
    return here[-1] if token.lower_ in _POSSESSIVES else None
