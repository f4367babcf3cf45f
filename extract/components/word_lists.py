"""The word lists of ``lexicon/violation_words.yml`` as sets."""

from functools import cache

from extract.vocabulary import load_words


def word_set(name: str) -> frozenset[str]:
    """The words of one list."""
    return _lists()[name]


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load_words("violation_words").items()}
