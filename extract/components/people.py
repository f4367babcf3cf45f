"""What people are: full names, roles and affiliations from the words beside them, surnames."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.components.annotations import ORGANISATIONS
from extract.components.found import Found, Grid, Names
from extract.components.word_index import first_words
from extract.components.words import BOUND, NOT_NAMES, any_of, given_names, places, without_title
from extract.vocabulary import load_words, slug_of

_WORDS = load_words("people_words")
_PUBLIC = frozenset(_WORDS["roles"])
_ROLE = rf"(?P<role>(?i:{any_of((*_WORDS['roles'], *_WORDS['jobs']))}))"
_TIMES = r"(?:(?i:then|former|new|current|interim|long-?time|ex|outgoing|incoming|senior|deputy|lead)[- ])*"
_DOMAIN = r"(?:[a-z-]+ ){0,3}?"
# What stands between organisation and person, person and organisation.
_ORG_PERSON = re.compile(rf"(?:['’]s?)? {_TIMES}{_DOMAIN}{_ROLE},? ")
_PERSON_ROLE_ORG = re.compile(
    rf",? (?:who (?:is|was|serves as|served as) )?(?:(?:an?|the|its|his|her) )?{_TIMES}{_DOMAIN}{_ROLE}"
    r"(?: and [a-z -]+?)?,? (?:of|at|for|with|in|from|to) (?:the )?(?:[a-z][\w-]* ){0,4}"
)
_PERSON_ORG = re.compile(r", (?:the )?")
_ORG_ROLE = re.compile(rf"(?:['’]s?)? {_TIMES}{_DOMAIN}{_ROLE}\b")
_PERSON_ROLE = re.compile(
    r"(?:,| \(|, who (?:is|was)) (?P<whose>(?:an?|the|its|their) )?"
    r"(?:(?:the )?(?P<company>[a-z-]+)['’]s )?"
    rf"{_TIMES}{_DOMAIN}{_ROLE}\b"
)
_ROLE_PERSON = re.compile(rf"\b{_ROLE},? $")
_ROLE_ORG_PERSON = re.compile(rf"{_ROLE} (?:of|at|for|with) (?:the )?$")
_LEADS = re.compile(
    r",? who (?:now )?(?:leads|heads|runs|chairs|founded|co-founded|cofounded) (?:the )?(?:[a-z][\w-]* ){0,3}"
)
_OF = re.compile(r" (?:of|from|at) (?:the )?")
_GIVEN = re.compile(
    rf"{BOUND}(?:{any_of(given_names() - places())})(?: [A-Z]\.)?"
    r"(?: (?:van|von|de|der|den|di|da|dos|al|el|bin|le|la|del|ter))* "
    r"(?P<surname>[A-ZÀ-Þ](?:['’][A-Z])?[a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?)(?![\w-]| [A-Z])"
)
_OF_GIVEN = first_words(given_names() - places())
_FIRMS = frozenset({"company", "firm", "group", "lab", "start-up", "startup"})
_BODIES = frozenset({"agency", "authority", "commission", "ministry", "regulator", "watchdog"})
_AGE = re.compile(r", (?:aged )?[1-9]\d(?:,|\.(?!\d)| and | of )")
_REACH = 120  # characters between a person and what the words say of them


def by_given_name(grid: Grid) -> Iterator[Found]:
    """A common first name with a surname after it."""
    for match in grid.index.matches(_GIVEN, _OF_GIVEN):
        if match["surname"] not in NOT_NAMES and (found := grid.found(*match.span(), "PERSON", "rule:given-name")):
            yield found


def by_role(grid: Grid, names: Names) -> None:
    """Call a person what has a person's role beside it or a title before it, whatever the model says."""
    for found in names.sorted({"COMPANY", "GPE", "PROJECT"}):
        words = found.name.split()
        if found.method == "model" and len(words) > 2 and (name := without_title(found.name)) != found.name:
            names.replace(found, [replace(found, start=found.start + 1, label="PERSON", name=name)])
            continue
        if (
            found.method != "model"
            or len(words) not in (2, 3)
            or not all(w.istitle() and w.replace("-", "").isalpha() for w in words)
        ):
            continue
        start, end = grid.edges(found)
        is_of_age = _AGE.match(grid.text, end) is not None
        if is_of_age or _PERSON_ROLE.match(grid.text, end, end + _REACH) or _tail(_ROLE_PERSON, grid.text, start):
            names.replace(found, [replace(found, label="PERSON")])


def with_roles(grid: Grid, names: Names) -> None:
    """Give every person the role and organisation that the text states, and a slug if the role is a public one."""
    everyone = names.sorted()
    for i, person in enumerate(everyone):
        if person.label != "PERSON":
            continue
        before = everyone[i - 1] if i else None
        after = everyone[i + 1] if i + 1 < len(everyone) else None
        role, affiliation = _role(grid, person, before, after, everyone[i - 2] if i > 1 else None)
        if role or affiliation:
            public = person.is_public or (role in _PUBLIC and " " in person.name)
            slug = person.slug or (slug_of(person.name) if public else "")
            names.replace(person, [replace(person, role=role, affiliation=affiliation, is_public=public, slug=slug)])


def _role(
    grid: Grid, person: Found, before: Found | None, after: Found | None, earlier: Found | None
) -> tuple[str | None, str | None]:
    """Role and affiliation as the words beside the name state them."""
    text = grid.text
    start, end = grid.edges(person)
    if before and before.label in ORGANISATIONS:
        b_start, b_end = grid.edges(before)
        if match := _ORG_PERSON.fullmatch(text, b_end, start):
            return _plain(match), before.name
        if text[b_end:start] in (", ", " ") and (match := _tail(_ROLE_ORG_PERSON, text, b_start)):
            return _plain(match), before.name
    if after and after.label in ORGANISATIONS:
        a_start, a_end = grid.edges(after)
        if match := _PERSON_ROLE_ORG.fullmatch(text, end, a_start):
            return _plain(match), after.name
        if _PERSON_ORG.fullmatch(text, end, a_start) and (match := _ORG_ROLE.match(text, a_end)):
            return _plain(match), after.name
        if _LEADS.fullmatch(text, end, a_start):
            return "head" if not text[end:a_start].count("found") else "founder", after.name
    if match := _PERSON_ROLE.match(text, end, end + _REACH):
        near = (before, earlier)
        if match["company"]:
            return _plain(match), _last_of_noun(match["company"], *near)
        return _plain(match), _last_organisation(*near) if match["whose"] in ("its ", "their ") else None
    if match := _tail(_ROLE_PERSON, text, start):
        return _plain(match), None
    if after and after.label in ORGANISATIONS and _OF.fullmatch(text, end, grid.edges(after)[0]):
        return None, after.name
    return None, None


def _last_organisation(*candidates: Found | None) -> str | None:
    return next((c.name for c in candidates if c and c.label in ORGANISATIONS), None)


def _last_of_noun(noun: str, *candidates: Found | None) -> str | None:
    """The organisation that "the union", "the company" or "the regulator" is."""
    labels = {"COMPANY"} if noun in _FIRMS else {"AUTHORITY"} if noun in _BODIES else ORGANISATIONS
    fits = (c for c in candidates if c and c.label in labels)
    return next((c.name for c in fits if noun in _FIRMS | _BODIES or noun.title() in c.name.split()), None)


def _tail(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    return pattern.search(text, max(0, end - 50), end)


def _plain(match: re.Match[str]) -> str:
    return " ".join(match["role"].lower().split())


def surnames(grid: Grid, names: Names) -> Iterator[Found]:
    """A surname alone, for the person whose full name the article gives; not if two people bear it."""
    bearers: dict[str, list[Found]] = {}
    for person in names.sorted({"PERSON"}):
        if " " in person.name:
            surname = grid.tree.words[person.end - 1]
            if all(person.name != other.name for other in bearers.setdefault(surname, [])):
                bearers[surname].append(person)
    for surname, people in bearers.items():
        if len(people) > 1 or len(surname) < 3 or not surname[0].isupper():
            continue
        for start, end in grid.alone(surname):
            yield replace(people[0], start=start, end=end, method="surname")
