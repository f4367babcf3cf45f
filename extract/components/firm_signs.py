"""Names that the model takes for people and the text shows to be firms: "X, which sells", "X, a chain of shops"."""

import re

from extract.components.antecedents import COMPANY_NOUNS
from extract.components.forms import Forms
from extract.components.unnamed import ORGANISATION_NOUNS
from extract.components.words import CAP, any_of

_ALSO_PEOPLE = frozenset({"developer", "employer", "landlord", "owner", "partner", "streamer", "trader"})
_FIRMS = any_of(sorted((COMPANY_NOUNS | ORGANISATION_NOUNS) - _ALSO_PEOPLE))
_NAME = rf"(?P<name>{CAP}(?: {CAP}){{0,3}})"
_SIGNS = (
    re.compile(rf"{_NAME}, (?:in |by |of |for |under )?which\b"),
    re.compile(
        rf"{_NAME}, (?:an?|the|one of) (?:[\w'’-]+ ){{0,4}}?(?:{_FIRMS})\b"
        "(?! of the | (?:owner|director|founder|chief|executive|manager))"
    ),
    re.compile(rf"\b(?:{_FIRMS}) {_NAME}(?=[,.;]| (?:has|is|was|had|said|says|agreed|must|will)\b)"),
)


def shown_as_firms(forms: Forms) -> frozenset[str]:
    """The names, in small letters, with such a sign in the body."""
    body = forms.text[forms.body_start :]
    return frozenset(match["name"].lower() for sign in _SIGNS for match in sign.finditer(body))
