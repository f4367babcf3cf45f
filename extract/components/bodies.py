"""What the model takes for organisations and the article shows to be something else: rules, words, known bodies."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.components.found import Found, Grid, Names
from extract.components.words import any_of
from extract.vocabulary import load_words

_LISTS = load_words("shapes")
_GUESSED = ("model", "rule:opening", "rule:head", "rule:spelling", "rule:acronym")
_RULES_NAME = re.compile(
    rf"\b(?:{any_of(_LISTS['rules_heads'])})(?: (?:of|for|on) [\w -]{{1,60}}?)? "
    r"\((?:the |“|\")?(?P<short>[A-Z][\w-]*[A-Z]\w*)[”\"]?[);,]"
)
_IS_RULE = frozenset(_LISTS["rules_heads"])
_EXCHANGE = re.compile(r"\([A-Za-z]{2,8}:\s?$")
_BODIES = frozenset({"Commission", "Parliament", "Ministry", "Tribunal", "Senate"})  # Council: which of several?


def no_organisations(grid: Grid, names: Names) -> Iterator[Found]:
    """Guessed firms that are none: a rule or its short form, a common word of the article, a line of clutter."""
    shorts = {match["short"].removesuffix("s") for match in _RULES_NAME.finditer(grid.text)}
    for found in names.sorted({"COMPANY"}):
        if found.slug or found.method not in _GUESSED:
            continue
        words = found.name.split()
        is_rule = words[-1] in _IS_RULE or found.name.removesuffix("s") in shorts or _is_cut_off(grid, found)
        if is_rule or _repeats(words) or (len(words) == 1 and _is_common(words[0], grid.text)):
            yield found


def bodies_again(names: Names) -> Iterator[tuple[Found, Found]]:
    """ "The Commission" where the article names one commission: what stands there, and the same with the full name."""
    full: dict[str, dict[str, Found]] = {word: {} for word in _BODIES}
    for body in names.sorted({"AUTHORITY"}):
        for word in _BODIES & {body.name.split()[0], body.name.split()[-1]}:
            full[word][body.name] = body
    for found in names.sorted({"COMPANY", "AUTHORITY"}):
        bearers = list(full.get(found.name, {}).values())
        if not found.slug and len(bearers) == 1 and bearers[0].name != found.name:
            yield found, replace(bearers[0], start=found.start, end=found.end, method="short-form")


def _is_cut_off(grid: Grid, found: Found) -> bool:
    """Whether it is the beginning of a rule's name, "Digital Services" of an Act, or what an exchange calls a share."""
    first, start = grid.starts[max(0, found.start - 4)], grid.starts[found.start]
    is_ticker = found.name.isupper() and _EXCHANGE.search(grid.text, first, start)
    return grid.tree.between(found.end, found.end + 1) in _IS_RULE or bool(is_ticker)


def _repeats(words: list[str]) -> bool:
    """Whether a word comes twice, as in rows of links that stand in one line."""
    return len(words) > 2 and len(set(words)) < len(words)


def _is_common(word: str, text: str) -> bool:
    """Whether the article has the word in small letters, too."""
    if not word.istitle() or word.lower() not in text:
        return False
    return re.search(rf"(?<![\w@./-]){re.escape(word.lower())}s?(?![\w@-])", text) is not None
