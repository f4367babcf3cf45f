"""How well the extraction reads the project's own articles that were set aside before its rules were written.

``python tests/own_figures.py`` tells the figures and whether they are those that the site publishes (data/figures.yml);
with ``--write`` it publishes them.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from quote_cases import cases as quote_cases
from quote_cases import paired, wrong
from spacy.language import Language

from data.metadata import FIGURES_PATH, load_figures
from extract.facts import Text, Violation
from extract.pipeline import build_pipeline, document
from extract.relevance import relevance
from extract.vocabulary import load_lexicon

TEXTS = Path(__file__).parent / "texts"
NEAR = 0.03
"""Published figures may differ so much from those of today before they must be written again."""
_HEAD = """# How well the extraction reads the project's own articles that were set aside before its rules were written:
# what tests/own_figures.py --write found. The page on the method shows it.
"""
Figure = dict[str, Any]


def figures() -> list[Figure]:
    """One row a question: what is asked, of how many, precision and recall or the share that is right."""
    return [*_claims(), *_quotes(), _topics()]


@cache
def _nlp() -> Language:
    return build_pipeline(load_lexicon())


def _read(cases: list[dict[str, Any]]) -> list[list[Violation]]:
    docs = [document(_nlp(), Text(article_id=1, title=case["title"], text=case["text"].strip())) for case in cases]
    return [list(doc._.violations) for doc in _nlp().pipe(docs)]


def _claims() -> Iterator[Figure]:
    cases = [c for path in sorted(TEXTS.glob("violations*_aside.yml")) for c in yaml.safe_load(path.read_text("utf-8"))]
    pairs = [(case["violations"], found) for case, found in zip(cases, _read(cases), strict=True)]
    is_claim = [(_is_one(wanted), _is_one(found)) for wanted, found in pairs]
    yield _shares(
        "Articles that report a violation", len(cases), right=sum(a and b for a, b in is_claim),
        found=sum(b for _, b in is_claim), wanted=sum(a for a, _ in is_claim),
    )  # fmt: skip
    accused = [([w["by"] for w in wanted], {n for v in found for n in v.named("violator")}) for wanted, found in pairs]
    names = [[spelled for by in bys for spelled in by] for bys, _ in accused]
    right = sum(any(s in found for s in spelled.split("|")) for ws, (_, found) in zip(names, accused, strict=True)
                for spelled in set(ws))  # fmt: skip
    yield _shares("Who is accused", len(cases), right=right, found=sum(len(found) for _, found in accused),
                  wanted=sum(len(set(ws)) for ws in names))  # fmt: skip
    both = [(want, match) for wanted, found in pairs for want in wanted if (match := _match(want, found))]
    yield _share(
        "Kind of rule, where the accused was found", [match.rule_type in w["type"].split("|") for w, match in both]
    )
    yield _share("Status, where the accused was found", [match.status in w["status"].split("|") for w, match in both])


def _is_one(claims: list[Any]) -> bool:
    """Is one of them more than a hypothesis."""
    return any((c["status"] if isinstance(c, dict) else c.status) != "hypothetical" for c in claims)


def _match(wanted: dict[str, Any], found: list[Violation]) -> Violation | None:
    same = [v for v in found if any(n in spelled.split("|") for spelled in wanted["by"] for n in v.named("violator"))]
    return next((v for v in same if v.rule_type in wanted["type"].split("|")), next(iter(same), None))


def _quotes() -> Iterator[Figure]:
    cases = [case for case in quote_cases() if case.name.startswith("aside:")]
    docs = _nlp().pipe([document(_nlp(), Text(article_id=0, title="", text=case.text)) for case in cases])
    pairs = [pair for case, doc in zip(cases, docs, strict=True) for pair in paired(case, list(doc._.quotes))]
    both = [(expected, got) for expected, got in pairs if expected and got]
    yield _shares("Quotes and statements", len(cases), right=len(both), found=sum(got is not None for _, got in pairs),
                  wanted=sum(expected is not None for expected, _ in pairs))  # fmt: skip
    wrongs = [[line.split(":")[0] for line in wrong(expected, got)] for expected, got in both]
    yield _share("All their words, and no other", ["content" not in lines for lines in wrongs])
    yield _share("Who said it", ["name" not in lines for lines in wrongs])


def _topics() -> Figure:
    pieces, lexicon = yaml.safe_load((TEXTS / "relevance.yml").read_text("utf-8")), load_lexicon()
    on, off = ([relevance(*piece, lexicon).is_relevant for piece in pieces[name]] for name in ("on_topic", "off_topic"))
    return _shares(
        "Articles about AI policy", len(on) + len(off), right=sum(on), found=sum(on) + sum(off), wanted=len(on)
    )


def _shares(what: str, cases: int, *, right: int, found: int, wanted: int) -> Figure:
    return {"what": what, "cases": cases, "precision": round(right / found, 2), "recall": round(right / wanted, 2)}


def _share(what: str, right: list[bool]) -> Figure:
    return {"what": what, "cases": len(right), "right": round(sum(right) / len(right), 2)}


def differing(measured: list[Figure], published: list[Figure]) -> list[str]:
    """The questions whose published figures are no longer near."""
    known = {row["what"]: row for row in published}
    return [
        row["what"]
        for row in measured
        if any(abs(row[key] - known.get(row["what"], {}).get(key, 9)) > NEAR for key in row.keys() - {"what", "cases"})
    ]


if __name__ == "__main__":
    found = figures()
    for row in found:
        print(*(f"{key} {value}" for key, value in row.items()), sep=", ")
    if "--write" in sys.argv:
        FIGURES_PATH.write_text(_HEAD + yaml.safe_dump(found, sort_keys=False), "utf-8")
    elif changed := differing(found, load_figures()):
        sys.exit(f"no longer as published: {'; '.join(changed)}")
