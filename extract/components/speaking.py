"""Who "we" is in a quotation, and "it" in what somebody says of his own deed."""

from extract.components.actors import Actor
from extract.components.tree import Token
from extract.components.word_lists import word_set
from extract.facts import Quote

_WE = frozenset({"we", "our", "us"})
FIRST_PERSON = _WE | {"i", "my"}
_HE_OR_SHE = frozenset({"he", "her", "him", "his", "she"})
_ADMITS = word_set("status_admits")
_OF_OFFICE = word_set("roles_of_office")


def quoted_speaker(token: Token, quotes: list[Quote], actors: list[Actor]) -> list[Actor]:
    """Who speaks in the quotation that "we" stands in: his company before himself."""
    for quote in quotes:
        if any(s.role == "content" and s.start_char <= token.idx < s.end_char for s in quote.spans):
            names = [quote.affiliation, quote.speaker] if token.lower_ in _WE else [quote.speaker]
            known = {a.name: a for a in actors if a.kind not in ("authority", "outlet")}
            return [known[n] for n in names if n in known][:1]
    return []


def speaks_of_another(token: Token, quotes: list[Quote]) -> frozenset[str]:
    """Names of those who speak in the words between marks that "he" or "she" stands in: it is somebody else."""
    if token.lower_ not in _HE_OR_SHE:
        return frozenset()
    found = (
        q.speaker for q in quotes for s in q.spans if s.role == "verbatim" and s.start_char <= token.idx < s.end_char
    )
    return frozenset(name for name in found if name is not None)


def is_own_act(token: Token) -> bool:
    """ "it had fined": a deed of office, which a pronoun only does for whoever says so."""
    return token.dep_ == "nsubj" and token.lower_ in ("it", "they", "we") and token.head.lower_ in _OF_OFFICE


def who_says_so(token: Token) -> Token | None:
    """Of a pronoun that is the subject of a reported clause: the subject of what reports it."""
    verb = token.head
    if verb.dep_ != "ccomp":
        return None
    subject = next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
    return subject if subject is not None and subject.i != token.i else None


def who_admits(token: Token) -> Token | None:
    """Of a pronoun that is the subject of what somebody admits: he himself."""
    is_pronoun = token.dep_ == "nsubj" and token.lower_ in ("he", "it", "she", "they")
    return who_says_so(token) if is_pronoun and token.head.head.lower_ in _ADMITS else None
