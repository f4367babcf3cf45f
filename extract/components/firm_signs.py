"""Names that the model takes for people and the text shows to be firms: "X, which sells", "X, a chain of shops"."""

import re

from extract.components.antecedents import COMPANY_NOUNS
from extract.components.tree import Tree
from extract.components.unnamed import ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_index import first_words
from extract.components.word_lists import word_set
from extract.components.words import CAP, any_of, given_names

_PEOPLE = PERSON_NOUNS | word_set("antecedents_person_nouns") | {"employer", "owner", "partner"}
_FIRMS = sorted((COMPANY_NOUNS | ORGANISATION_NOUNS) - _PEOPLE)
_OF_SOMEBODY = any_of(sorted(_PEOPLE | {"chief", "head", "manager", "spokesman", "spokeswoman", "worker"}))
_HAVE = (
    "branches", "clients", "clinics", "customers", "employees", "members", "offices", "outlets", "patients",
    "restaurants", "shops", "staff", "stores", "subscribers", "users", "workers",
)  # fmt: skip
_WORDS = r"(?:(?!(?:at|behind|by|for|from|in|of|to|who|whose|with)\b)[\w'’-]+ ){0,4}?"
_NAME = rf"(?P<name>{CAP}(?: {CAP}){{0,3}})"
# Signs that cross no line, each with what stands in every line that has one: one of some words, and a pattern.
_SIGNS = (
    (
        frozenset({"which"}),
        re.compile(", (?:[a-z]+ )?which"),
        re.compile(rf"{_NAME}, (?:in |by |of |for |under )?which\b"),
    ),
    (
        first_words(_FIRMS),
        re.compile(", (?:an?|the|one of) "),
        re.compile(rf"{_NAME}, (?:an?|the|one of) {_WORDS}(?:{any_of(_FIRMS)})\b(?! of the |['’]| {_OF_SOMEBODY}\b)"),
    ),
    (
        first_words(_HAVE),
        re.compile(", with "),
        re.compile(rf"{_NAME}, with (?:[\w,]+ ){{1,3}}?(?:{any_of(_HAVE)})\b"),
    ),
    (
        first_words(_FIRMS),
        None,
        re.compile(rf"\b(?:{any_of(_FIRMS)}) {_NAME}(?=[,.;]| (?:has|is|was|had|said|says|agreed|must|will)\b)"),
    ),
)


def shown_as_firms(doc: Tree) -> frozenset[str]:
    """The names, in small letters, with such a sign in the body."""
    found = (match for words, near, sign in _SIGNS for match in doc.index.matches(sign, words, near))
    named = frozenset(match["name"].lower() for match in found if match.start() >= doc.body_start)
    return named | _called_by_first_word(doc)


def _called_by_first_word(doc: Tree) -> frozenset[str]:
    """ "Lumera Skin" that is then "Lumera": people are called by the last word of their names."""
    body, known = doc.text[doc.body_start :], set()
    for name in {e.text for e in doc.entities if e.label_ == "PERSON" and len(e) == 2 and not e.kb_id_}:
        first, _, last = name.partition(" ")
        if first in given_names() or not last or first in body.partition(name)[0]:
            continue
        if re.search(rf"\b{re.escape(first)}\b(?! {re.escape(last)})", body) and body.count(last) == body.count(name):
            known.add(name.lower())
    return frozenset(known)
