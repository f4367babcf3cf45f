"""Whose law may be applied by whom: no state outside the European Union enforces a law of the Union."""

from collections.abc import Iterable

from extract.components.actors import Actor
from extract.components.words import countries, country_code
from extract.vocabulary import Lexicon

_UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "EU", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"}
    | {"LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
_ANYWHERE = (None, "INT")


def is_foreign_law(slug: str | None, enforcers: Iterable[Actor], lexicon: Lexicon) -> bool:
    """Is it the law of another place than all of those who act, as far as their places are known?"""
    record = lexicon.get(slug)
    law = record.country if record is not None else None
    places = {_place(e, lexicon) for e in enforcers if e.kind in ("authority", "office")}
    if law in _ANYWHERE or not places:
        return False
    return not any(place in (*_ANYWHERE, law) or {place, law} <= _UNION for place in places)


def _place(actor: Actor, lexicon: Lexicon) -> str | None:
    """Of whom the country is known its code, or its name if it has none here."""
    record = lexicon.get(actor.entity)
    if record is not None:
        return record.country
    return country_code(actor.name) or (actor.name if actor.name in countries() else None)
