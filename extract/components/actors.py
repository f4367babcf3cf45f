"""Who acts or is acted on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from extract.components.tree import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts or is acted on, and the words that say so."""

    start: int
    end: int
    """Token offsets of the words."""
    name: str
    kind: str
    """company, person, authority, outlet, project, office ("the court"), name (a proper noun), generic ("a lawyer")."""
    entity: str | None = None
    is_resolved: bool = False
    """Meant by a pronoun or a description."""
    product: str | None = None
    """The product that stands in its maker's place."""

    @property
    def identity(self) -> str:
        """What makes two mentions the same actor."""
        return self.entity or self.name.lower()


def standing(actors: Iterable[Actor], token: Token) -> list[Actor]:
    """The actors, for whom the token stands."""
    return [replace(a, start=token.i, end=token.i + 1, is_resolved=True) for a in actors]
