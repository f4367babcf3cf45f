"""How well pronouns, roles, affiliations, go-betweens and repeated quotes are read in the project's own articles.

No public set has these marked. ``python tests/quote_figures.py`` tells each figure apart.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from quote_cases import Case, cases, paired, wrong

from extract.facts import FiledQuote, Quote, Span, Text
from extract.pipeline import build_pipeline, document
from extract.quote_groups import group_quotes
from extract.vocabulary import load_lexicon

IDENTITY = Path(__file__).parent / "texts" / "quote_identity.yml"
_PRONOUNS = frozenset({"he", "she", "it", "they"})
_KEYS = {
    "role": "role",
    "of": "affiliation",
    "via": "through whom it came",
    "as": "kind of speaker",
    "rule": "rule text",
}


@dataclass(frozen=True)
class Figure:
    """How many answers to one question are right."""

    what: str
    right: int
    of: int

    @property
    def share(self) -> float:
        return self.right / self.of

    def __str__(self) -> str:
        return f"{self.what}: {self.right} of {self.of} ({100 * self.share:.1f} %)"


def figures(found: dict[str, list[Quote]]) -> list[Figure]:
    """One figure a question, over the quotes found in each of the cases."""
    answers: dict[str, list[bool]] = defaultdict(list)
    for case in cases():
        for what, is_right in _answers(case, found[case.name]):
            answers[what].append(is_right)
    return [*(Figure(what, sum(right), len(right)) for what, right in sorted(answers.items())), *identity_figures()]


def _answers(case: Case, found: list[Quote]) -> Iterator[tuple[str, bool]]:
    for expected, got in paired(case, found):
        if expected is None:
            continue
        bad = {"all"} if got is None else {line.split(":")[0] for line in wrong(expected, got)}
        for key, what in _KEYS.items():
            if key in expected:
                yield what, not bad & {key, "all"}
        if str(expected.get("mention", "")).lower() in _PRONOUNS and expected["name"] != expected["mention"]:
            yield "whom a pronoun stands for", not bad & {"name", "all"}
        if got is not None and got["name"] is not None:
            yield "no wrong mouth, where one is given", "name" not in bad


def identity_figures() -> tuple[Figure, Figure]:
    """Of the pairs that are grouped, those that are one statement; of the pairs that are one, those grouped."""
    labelled = [(entry["name"], _quote(quote)) for entry in _identity() for quote in entry["quotes"]]
    filed = [FiledQuote(id=n, article_id=n, quote=quote) for n, (_, quote) in enumerate(labelled)]
    one = _pairs(range(len(labelled)), lambda a, b: labelled[a][0] == labelled[b][0])
    grouped = {pair for group in group_quotes(filed) for pair in combinations(sorted(group.quote_ids), 2)}
    return (
        Figure("the same quote, where said to be", len(one & grouped), len(grouped)),
        Figure("the same quote, where it is", len(one & grouped), len(one)),
    )


def _pairs(numbers: range, is_one: Callable[[int, int], bool]) -> set[tuple[int, int]]:
    return {(a, b) for a, b in combinations(numbers, 2) if is_one(a, b)}


def _identity() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(IDENTITY.read_text(encoding="utf-8"))
    return entries


def _quote(entry: dict[str, Any]) -> Quote:
    words = entry["words"]
    span = Span(start_char=0, end_char=len(words), words=words, role="content")
    return Quote(
        spans=(span,), kind=entry.get("kind", "direct"), content=words, speaker=entry["by"],
        affiliation=entry.get("of"), speaker_kind=entry.get("who", "person"), confidence=0.9, rule="test",
    )  # fmt: skip


if __name__ == "__main__":
    nlp = build_pipeline(load_lexicon())
    docs = nlp.pipe([document(nlp, Text(article_id=0, title="", text=case.text)) for case in cases()])
    for figure in figures({case.name: list(doc._.quotes) for case, doc in zip(cases(), docs, strict=True)}):
        print(figure)
