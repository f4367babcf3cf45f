"""Names that their spelling or their place gives away: ScanMate, "Google Autocomplete", an unheard first word."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.components.found import Found, Grid, Names
from extract.components.lemmas import lemma
from extract.components.tree import Token
from extract.components.words import BOUND, CAP, NOT_NAMES, generic, given_names, places
from extract.vocabulary import load_words

_LISTS = load_words("shapes")
_CAMEL = re.compile(
    rf"{BOUND}(?!(?:Mc|Mac|De|Di|Du|Da|La|Le|Van|Von|Fitz|O’|O')[A-Z])"
    r"(?:[A-Z][a-z]+(?:[A-Z][a-z]*)+|[A-Z]{2,}[a-z]{2,})\d*(?![\w’-]|\.\w)"
)
_AFTER_MAKER = re.compile(rf" (?P<name>{CAP}(?: (?:{CAP}|\d+))*)(?![\w-])")
_DESCRIBING = re.compile(r"-[a-z]+(?:ing|ed|based|like|style|only)$|^[A-Z]{2,}s$")  # Veldanian-speaking, TVs
_NOT_PRODUCTS = frozenset(_LISTS["not_products"])
_COMMON_ENDS = tuple(_LISTS["common_ends"])
_FIRMS_DO = frozenset(_LISTS["firms_do"])
_OUTLETS = frozenset(_LISTS["outlets"])
_LONG = 4  # letters of a name that is worth looking for again
_SHOUTED = 0.5  # of a sentence's words in capitals: a headline in title case, where capitals say nothing


def camels(grid: Grid) -> Iterator[Found]:
    """Words with a capital inside; which kind of name they are, the words beside them have said already, or not."""
    for match in grid.index.matches(_CAMEL, grid.index.mixed):
        if match.group() not in generic() and (found := grid.found(*match.span(), "COMPANY", "rule:spelling")):
            yield found


def repeated(grid: Grid, names: Names) -> Iterator[Found]:
    """The other places where a name stands that rules or the model found once."""
    once = {f.name: f for f in names.sorted() if f.label != "GPE" and f.method != "lexicon" and len(f.name) >= _LONG}
    for name, found in once.items():
        for start, end in grid.alone(name):
            if names.is_free(start, end):
                yield replace(found, start=start, end=end)


def shortened(names: Names, plain_words: frozenset[str]) -> Iterator[tuple[Found, Found]]:
    """A firm by the first word of its full name alone: what stands there, and the same with the full name."""
    full: dict[str, list[Found]] = {}
    for firm in names.sorted({"COMPANY"}):
        first, _, rest = firm.name.partition(" ")
        if rest and first.lower() not in plain_words and first not in NOT_NAMES:
            full.setdefault(first, []).append(firm)
    for found in names.sorted({"COMPANY", "PERSON", "GPE"}):
        firms = full.get(found.name, []) if found.method in ("model", "rule:opening", "rule:spelling") else []
        if len({firm.name for firm in firms}) == 1:
            yield found, replace(firms[0], start=found.start, end=found.end, method="short-form")


def outlets_again(grid: Grid, names: Names) -> Iterator[Found]:
    """ "The Ledger" where one paper of the article ends in that word."""
    papers: dict[str, list[Found]] = {}
    for paper in names.sorted({"OUTLET"}):
        last = paper.name.split()[-1]
        if " " in paper.name and last in _OUTLETS and all(p.name != paper.name for p in papers.get(last, [])):
            papers.setdefault(last, []).append(paper)
    for last, bearers in papers.items():
        for match in re.finditer(rf"\b[Tt]he ({last})(?![\w-]| [A-Z])", grid.text) if len(bearers) == 1 else ():
            if tokens := grid.tokens(*match.span(1)):
                yield replace(bearers[0], start=tokens[0], end=tokens[1], method="short-form")


def products(grid: Grid, names: Names) -> Iterator[tuple[Found, Found]]:
    """A known firm or project with the name of something of its own after it: the old one, and the longer new one."""
    for maker in names.sorted({"COMPANY", "PROJECT"}):
        if maker.method != "lexicon" or (" " in maker.name and maker.label == "COMPANY"):
            continue
        match = _AFTER_MAKER.match(grid.text, grid.edges(maker)[1])
        tokens = grid.tokens(*match.span("name")) if match else None
        if match is None or tokens is None or _is_shouted(grid, names, tokens):
            continue
        words = match["name"].split()
        if len(words) <= 3 and names.is_free(*tokens) and _names_product(words):
            name = f"{grid.tree.between(maker.start, maker.end)} {match['name']}"
            yield (
                maker,
                Found(start=maker.start, end=tokens[1], label="PROJECT", name=name, method="rule:maker-before"),
            )


def openings(grid: Grid, names: Names, plain_words: frozenset[str]) -> Iterator[Found]:
    """A sentence's first word that the model has never seen and that does something, or has something."""
    doc = grid.tree
    for sentence in doc.sents:
        first = sentence[0]
        while (first.is_punct or first.is_space) and first.i + 1 < len(doc):
            first = first.nbor(1)
        if first.i + 1 == len(doc) or not names.is_free(first.i, first.i + 1):
            continue
        if _is_unheard(first, plain_words) and _acts(grid, first, doc[first.i + 1]):
            yield Found(start=first.i, end=first.i + 1, label="COMPANY", name=first.text, method="rule:opening")


def _acts(grid: Grid, first: Token, second: Token) -> bool:
    """Whether what the word does or has is a firm's: a person named by the surname alone does other things."""
    if second.text[:1].isupper() and not second.text.isupper():
        return False
    if first.ent_type_ == "PERSON":
        return first.dep_ == "nsubj" and lemma(grid.doc[first.head.i]) in _FIRMS_DO
    return first.ent_type_ != "GPE" or first.dep_ in ("compound", "nmod", "amod", "nsubj")


def _is_unheard(token: Token, plain_words: frozenset[str]) -> bool:
    lower = token.lower_
    if len(lower) < 4 or not token.is_title or not token.is_alpha or token.text in NOT_NAMES:
        return False
    return not (lower in plain_words or lower.removesuffix("s") in plain_words or lower.endswith(_COMMON_ENDS))


def _names_product(words: list[str]) -> bool:
    if any(word in _NOT_PRODUCTS or word in NOT_NAMES or word in given_names() for word in words):
        return False
    if any(_DESCRIBING.search(word) for word in words):
        return False
    return " ".join(words) not in places() and not all(word.isupper() for word in words)


def _is_shouted(grid: Grid, names: Names, tokens: tuple[int, int]) -> bool:
    """Whether the other words of the sentence have capitals, too, names aside: a headline in title case."""
    words = [
        t
        for t in grid.tree[tokens[0]].sent
        if t.is_alpha and len(t) > 3 and not tokens[0] <= t.i < tokens[1] and names.at(t.i) is None
    ]
    return sum(t.text[0].isupper() and t.text not in NOT_NAMES for t in words) > _SHOUTED * len(words)
