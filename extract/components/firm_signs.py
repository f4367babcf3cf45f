"""Names that the model takes for people and the text shows to be firms: "X, which sells", "X, a chain of shops"."""

import re

from extract.components.antecedents import COMPANY_NOUNS
from extract.components.tree import Tree
from extract.components.unnamed import ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_lists import word_set
from extract.components.words import CAP, any_of

_PEOPLE = PERSON_NOUNS | word_set("antecedents_person_nouns") | {"employer", "owner", "partner"}
_FIRMS = any_of(sorted((COMPANY_NOUNS | ORGANISATION_NOUNS) - _PEOPLE))
_OF_SOMEBODY = any_of(sorted(_PEOPLE | {"chief", "head", "manager", "spokesman", "spokeswoman", "worker"}))
_WORDS = r"(?:(?!(?:at|behind|by|for|from|in|of|to|who|whose|with)\b)[\w'’-]+ ){0,4}?"
_NAME = rf"(?P<name>{CAP}(?: {CAP}){{0,3}})"
# Signs that cross no line, each with what stands in every line that has one.
_SIGNS = (
    ((" which",), re.compile(rf"{_NAME}, (?:in |by |of |for |under )?which\b")),
    (
        (", a", ", the ", ", one of "),
        re.compile(
            rf"{_NAME}, (?:an?|the|one of) {_WORDS}(?:{_FIRMS})\b"
            rf"(?! of the |['’]| {_OF_SOMEBODY}\b)"
        ),
    ),
    (("",), re.compile(rf"\b(?:{_FIRMS}) {_NAME}(?=[,.;]| (?:has|is|was|had|said|says|agreed|must|will)\b)")),
)


def shown_as_firms(doc: Tree) -> frozenset[str]:
    """The names, in small letters, with such a sign in the body."""
    lines = doc.text[doc.body_start :].split("\n")
    found = (
        m for words, sign in _SIGNS for line in lines if any(w in line for w in words) for m in sign.finditer(line)
    )
    return frozenset(match["name"].lower() for match in found)
