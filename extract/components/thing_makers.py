"""Makers of things that the lexicon does not know and the names do not give away: "X, the maker of Y"."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from extract.components.tree import Entity, Tree
from extract.facts import Relation

_FIRMS = frozenset({"COMPANY", "ORG"})
_NOUN = r"(?:maker|developer|creator|operator|provider|manufacturer|publisher|seller)"
_FEW = r"(?:[\w-]+ ){0,4}?"
_MAKER_FIRST = re.compile(rf",? (?:which is |who is )?(?:the )?(?:[\w-]+ )?{_NOUN}s? (?:of|behind) (?:the )?{_FEW}")
_THING_FIRST = re.compile(
    rf"(?:['’]s?)? (?:[\w-]+ )?{_NOUN},? "
    r"|, (?:an?|the) (?:[\w-]+ ){1,4}(?:owned|made|built|run|developed|operated|sold|created) by "
    rf"(?:the |a |an )?{_FEW}(?:[A-Z]\w+(?: [A-Z]\w+)?-based )?"
    r"|,? (?:and )?(?:comes|is|was) (?:made |built |sold |run |developed )?(?:from|by) "
    rf"(?:the |a |an )?{_FEW}(?:named |called )?"
)
_HOLDER = re.compile(
    r"\b(?:[Tt]he|[Ii]ts) (?:(?:app|bot|chatbot|device|doll|game|platform|program|robot|service|site|software|system"
    r"|tool|toy|website)['’]s )?(?:[\w-]+ )?(?:creator|developer|distributor|importer|maker|manufacturer|operator"
    r"|owner|provider|publisher|seller|vendor), $"
)
_MADE_BY = re.compile(r"\b(?:built|developed|made) by\b")
_BARE_THING = re.compile(rf",? the (?:[\w-]+ )?{_NOUN} (?:of|behind) (?:the )?(?P<thing>[A-Z]\w+(?: [A-Z]\w+)?)")


def named_makers(doc: Tree) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Name of the thing, and name and slug of its maker, where the words between two names say so."""
    text, spans = doc.text, sorted(doc.entities, key=lambda s: s.start)
    known = {s.text for s in spans}
    for first, second in pairwise(spans):
        between = text[first.end_char : second.start_char]
        if "\n" in between or second.start_char - first.end_char > 90:
            continue
        if _MAKER_FIRST.fullmatch(between) and _is_pair(first, second):
            yield second.name, (first.name, first.kb_id_ or None)
        elif _THING_FIRST.fullmatch(between) and (_is_pair(second, first) or _is_made_by(first, between, second)):
            yield first.name, (second.name, second.kb_id_ or None)

    for maker in spans:
        match = _BARE_THING.match(text, maker.end_char) if maker.label_ in _FIRMS else None
        if match is not None and match["thing"] not in known:
            yield match["thing"], (maker.name, maker.kb_id_ or None)


def makers_told(doc: Tree, relations: Iterable[Relation]) -> dict[str, tuple[str, str | None]]:
    """Name and slug of the maker by the name of the thing, for things that the lexicon does not know."""
    offices = {s.name for s in doc.entities if s.label_ == "AUTHORITY"}
    things = {s.name for s in doc.entities if s.label_ == "PROJECT" and not s.kb_id_}
    told = {
        r.object: (r.subject, r.subject_entity)
        for r in relations
        if (r.kind == "maker_of" or (r.kind == "owner_of" and r.object in things))
        and r.object_entity is None
        and r.subject not in offices
    } | dict(named_makers(doc))
    alone = _lone_maker(doc) if len(things) == 1 and things.isdisjoint(told) else None
    return told | (dict.fromkeys(things, alone) if alone is not None else {})


def _lone_maker(doc: Tree) -> tuple[str, str | None] | None:
    """Name and slug of the one firm that is "the maker, X" or "the app's owner, X" without saying of what."""
    firms = [s for s in doc.entities if s.label_ in _FIRMS]
    found = {(s.name, s.kb_id_ or None) for s in firms if _HOLDER.search(doc.text[: s.start_char][-60:])}
    return found.pop() if len(found) == 1 else None


def _is_made_by(thing: Entity, between: str, maker: Entity) -> bool:
    """ "Dolori is made by Orvane": no person, whatever the model says."""
    return (
        _MADE_BY.search(between) is not None
        and maker.label_ in _FIRMS
        and thing.label_ == "PERSON"
        and thing.method == "model"
    )


def _is_pair(maker: Entity, thing: Entity) -> bool:
    is_thing = not thing.kb_id_ and thing.label_ in _FIRMS | {"PROJECT"}
    is_maker = maker.label_ in _FIRMS or (maker.label_ == "PERSON" and maker.method == "model")
    return is_thing and is_maker and maker.name != thing.name
