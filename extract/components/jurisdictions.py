"""Whose law may be applied by whom: no state outside the European Union enforces a law of the Union."""

from collections.abc import Iterable
from functools import cache

from extract.components.actors import Actor
from extract.components.words import countries
from extract.vocabulary import Lexicon, load_words

_UNION = "EU"
_WORLD = "INT"


@cache
def _union() -> frozenset[str]:
    """The Union and its members, by code and by name."""
    return frozenset((_UNION, *load_words("places")["union"]))


def is_foreign_law(slug: str | None, enforcers: Iterable[Actor], lexicon: Lexicon) -> bool:
    """Is it the law of another place than all of those who act, as far as their places are known?"""
    record = lexicon.get(slug)
    law = record.country if record is not None else None
    places = {_place(e, lexicon) for e in enforcers if e.kind in ("authority", "office")}
    return law not in (None, _WORLD) and bool(places) and not any(_may_apply(place, law) for place in places)


def _place(actor: Actor, lexicon: Lexicon) -> str | None:
    """A country by its code, or by its name if that is all there is; ``None`` if it is not known."""
    record = lexicon.get(actor.entity)
    if record is not None:
        return record.country
    return actor.name if actor.name in countries() else None


def _may_apply(place: str | None, law: str | None) -> bool:
    if place in (None, _WORLD, law):
        return True
    is_both = {place in _union(), law in _union()}
    return is_both == {True} or (is_both == {False} and place in countries())  # a name: it may be the law's own country
