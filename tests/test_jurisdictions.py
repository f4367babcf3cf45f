"""A law is applied where it holds."""

import pytest

from extract.components.actors import Actor
from extract.components.jurisdictions import is_foreign_law
from extract.vocabulary import load_lexicon


@pytest.mark.parametrize(
    ("law", "enforcer", "entity", "is_foreign"),
    [
        ("dsa", "Türkiye", None, True),
        ("dsa", "France", None, False),
        ("dsa", "European Commission", "european-commission", False),
        ("dsa", "Federal Trade Commission", "ftc", True),
        ("dsa", "the watchdog", None, False),
        ("ccpa", "United States", None, False),
        ("ccpa", "France", None, True),
        ("ccpa", "Kazakhstan", None, True),
        (None, "Türkiye", None, False),
    ],
)
def test_it_is_foreign_to_who_acts(law: str | None, enforcer: str, entity: str | None, is_foreign: bool) -> None:
    actor = Actor(start=0, end=1, name=enforcer, kind="authority", entity=entity)
    assert is_foreign_law(law, [actor], load_lexicon()) == is_foreign


def test_nobody_who_acts_tells_nothing() -> None:
    assert not is_foreign_law("dsa", [], load_lexicon())
