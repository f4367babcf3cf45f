"""Makers of things that the lexicon does not know and the names do not give away: "X, the maker of Y"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from spacy.tokens import Doc, Span

_FIRMS = frozenset({"COMPANY", "ORG"})
_NOUN = r"(?:maker|developer|creator|operator|provider|manufacturer|publisher|seller)"
_FEW = r"(?:[\w-]+ ){0,4}?"
_MAKER_FIRST = re.compile(rf",? (?:which is |who is )?(?:the )?(?:[\w-]+ )?{_NOUN}s? (?:of|behind) (?:the )?{_FEW}")
_THING_FIRST = re.compile(
    rf"(?:['’]s?)? (?:[\w-]+ )?{_NOUN},? "
    r"|,? (?:and )?(?:comes|is|was) (?:made |built |sold |run |developed )?(?:from|by) "
    rf"(?:the |a |an )?{_FEW}(?:named |called )?"
)
_BARE_THING = re.compile(rf",? the (?:[\w-]+ )?{_NOUN} (?:of|behind) (?:the )?(?P<thing>[A-Z]\w+(?: [A-Z]\w+)?)")


def named_makers(doc: Doc, text: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Name of the thing, and name and slug of its maker, where the words between two names say so."""
    spans = sorted(doc.spans.get("entities", ()), key=lambda s: s.start)
    known = {s.text for s in spans}
    for first, second in pairwise(spans):
        between = text[first.end_char : second.start_char]
        if "\n" in between or second.start_char - first.end_char > 90:
            continue
        if _MAKER_FIRST.fullmatch(between) and _is_pair(first, second):
            yield second._.name, (first._.name, first.kb_id_ or None)
        elif _THING_FIRST.fullmatch(between) and _is_pair(second, first):
            yield first._.name, (second._.name, second.kb_id_ or None)

    for maker in spans:
        match = _BARE_THING.match(text, maker.end_char) if maker.label_ in _FIRMS else None
        if match is not None and match["thing"] not in known:
            yield match["thing"], (maker._.name, maker.kb_id_ or None)


def _is_pair(maker: Span, thing: Span) -> bool:
    is_thing = not thing.kb_id_ and thing.label_ in _FIRMS | {"PROJECT"}
    is_maker = maker.label_ in _FIRMS or (maker.label_ == "PERSON" and maker._.method == "model")
    return is_thing and is_maker and maker._.name != thing._.name
