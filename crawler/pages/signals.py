"""What else was seen on a page, one word each."""

import re

STUB = 300
"""Characters under which a text is more likely a teaser than an article."""

_REMOVAL = re.compile(
    r"\bremoval request\b|\bto (?:remove|have) this (?:article|post|story|content)\b|\brequest (?:the )?removal\b|"
    r"\bcopyright(?:ed)? (?:work|material|content)\b[^\n]{0,200}\bcontact us\b|\bDMCA\b|\btake-?down (?:request|notice)\b",
    re.I,
)


def signals(text: str, rest: str) -> tuple[str, ...]:
    """Words for what the text and what was cut from it show: stub, removal_offer."""
    found = ["removal_offer"] if _REMOVAL.search(rest) else []
    return tuple(found)
