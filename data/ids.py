"""Ids that are the same after a rebuild: 53 bits of SHA-256 over what makes a thing itself, exact in JavaScript."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from extract.facts import Fact


class IdCollision(RuntimeError):
    """Two different things have the same id; the build must stop."""


def stable_id(*parts: str | int) -> int:
    """53 bits of the SHA-256 of the parts.

    >>> stable_id("entity", "openai") < 2**53
    True
    >>> stable_id("a", "bc") == stable_id("ab", "c")
    False
    """
    digest = hashlib.sha256("\x1f".join([str(part) for part in parts]).encode()).digest()
    return int.from_bytes(digest[:7], "big") >> 3


def entity_id(slug: str) -> int:
    """The id of the entity of that slug."""
    return stable_id("entity", slug)


def fact_id(article_id: int, fact: Fact, occurrence: int) -> int:
    """The id of the how-manieth (from 0) such fact of an article; an edit elsewhere in the text leaves it alone."""
    return stable_id("fact", article_id, type(fact).__name__, fact.evidence.words, occurrence, *fact.key)


def fact_ids(article_id: int, facts: Iterable[Fact]) -> tuple[tuple[int, Fact], ...]:
    """The facts of one article in the order of its text, each with its id; collisions stop the build."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[int, Fact] = {}
    for fact in sorted(facts, key=_place):
        name = (type(fact).__name__, fact.evidence.words, *fact.key)
        number = fact_id(article_id, fact, seen[name])
        seen[name] += 1
        if number in found:
            raise IdCollision(f"facts {found[number]} and {fact} have the same id {number}")
        found[number] = fact
    return tuple(found.items())


def _place(fact: Fact) -> tuple[int, int, str, tuple[str, ...]]:
    return fact.evidence.start_char, fact.evidence.end_char, type(fact).__name__, fact.key


def time_rank(day: str | None, number: int) -> int:
    """Where the row of that id and ISO day stands in time: newer days rank higher; 62 bits.

    >>> time_rank("2025-03-02", 7) > time_rank("2025-03-01", 8) != time_rank("2025-03-01", 9)
    True
    >>> time_rank(None, 7) < time_rank("1970-01-01", 7) < 2**62
    True
    """
    days = min(max(date.fromisoformat(day).toordinal() - _EPOCH, 1), 0xFFFF) if day else 0
    return (days << 46) + ~number % (1 << 46)


_EPOCH = date(1969, 12, 31).toordinal()


@lru_cache(maxsize=20_000)  # an archive has few names, each of them often
def slug_of(name: str) -> str:
    """A name as part of an address.

    >>> slug_of("L’Oréal & Søn Ltd.")
    'l-oreal-son-ltd'
    >>> slug_of("智谱")
    '智谱'
    """
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", kept).strip("-") or f"x{stable_id(name)}"


_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe"})


def text_sha256(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, by which a reader can check a text that is not published."""
    return hashlib.sha256(text.encode()).hexdigest()
