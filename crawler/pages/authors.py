"""Who wrote an article: people's names, without roles, degrees, outlets and those who only edited or updated it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.pages.blocks import FAMILIES, Block, pieces
from crawler.pages.decode import one_line
from crawler.pages.markup import Markup, texts
from crawler.pages.outlets import AGENCIES, is_outlet

_LEADS = re.compile(
    r"^\W*(?:(?:story|words|written|report(?:ed|ing|s)?|posted|published|text|photographs?|view all (?:posts|articles)|"
    r"more (?:posts|articles)|articles?|reviewed)\s+)?"
    r"(?:by|from|von|par|por|door|di|af|av)\b[\s:]+|^(?:authors?|writers?|reporter|byline|autor(?:in)?|auteur)\s*:\s*",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:[;|/•·&\n]|,(?!\s*(?:Jr|Sr|II|III)\b)|\s(?:and|und|et|y|og|och|with)\s)\s*")
_DEGREE = (
    r"(?:Ph\.?\s?D|M\.?D|M\.?Sc?|MPH|MBA|R\.?D\.?N?|L\.?D\.?N?|CPT|B\.?Sc|B\.?A|M\.?A|Esq|RN|D\.?O|J\.?D|LL\.?M|CFP|"
    r"CFA|CPA|DPT|FACP|DDS|"
    r"MFA|EdD|PharmD|CSCS|LCSW)"
)
_DEGREES = re.compile(rf"(?:(?:^|,?\s+)\(?{_DEGREE}\b\.?\)?)+$")
_ROLE = re.compile(
    r"\b(?:chief|head|director|officer|editor(?:ial|s)?|professor|president|vice|manager|lead|senior|staff|"
    r"columnist|critic|"
    r"correspondent|reporter|reporters|contributor|contributing|writer|journalist|producer|analyst|founder|ceo|cto|"
    r"minister|"
    r"chair(?:man|woman)?|fellow|lecturer|specialist|newsroom|desk|team|sponsored|special to|for the)\b",
    re.I,
)
_NOT_NAMES = re.compile(
    r"https?:|www\.|@|\d{2}|^\(|\b(?:admin|redaktion|redaction|rédaction|redazione|redacción|updated|published|"
    r"posted|min read|"
    r"press release|subscribe|getty|images?|photos?|follow|share|comments?|cookies?|agenturen|newsletter|sign up|"
    r"about|contact|"
    r"view|more|all|articles?|stories|profile|bio|read|our)\b|\.(?:com|net|org|de|in|co|uk|fr)\b",
    re.I,
)
_PERSON = re.compile(
    r"[A-ZÀ-ÞĀ-ŽА-Я][\w’'.-]*\.?(?:\s+(?:(?:de|del|della|di|da|dos|du|la|le|van|von|der|den|ter|el|al|bin|ibn|y|e)\s+)*"
    r"[A-ZÀ-ÞĀ-ŽА-Я][\w’'.-]*\.?){1,3}"
)
_BY = re.compile(
    r"^\W{0,2}(?:(?:words|written|story|posted|reported|review(?:ed)?|text|published)\s+)?(?:by|von|par|por|door|"
    r"di)\b\s*:?\s+",
    re.I,
)
_JUST_BY = re.compile(r"\W*(?:(?:written|words|story|posted)\s+)?by\W*", re.I)
_HELPERS = re.compile(
    r"(?:contributions?\s+from|last updated by|updated by|edited by|additional reporting by|reviewed by|"
    r"fact[- ]checked by|"
    r"photograph(?:s|y|ed)?\s+by|styled\s+by|with\s+contributions\s+(?:from|by)|medically reviewed by)\s*:?\s*",
    re.I,
)
_AUTHOR = 1 << list(FAMILIES).index("author")
_META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dc.creator.name",
    "byl",
    "authors",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The authors and where they were found."""

    authors: tuple[str, ...]
    origin: str


def byline(markup: Markup, near: Sequence[Block], *, publisher: str | None) -> Byline | None:
    """The authors of an article; ``None`` if nothing names one.

    ``near`` are the blocks around the headline. Where no person is named anywhere, an organisation is the author if
    the byline that readers see names it, or if it is the publisher; an agency in the markup alone is a source.
    """
    sources: list[tuple[list[str], str]] = [
        (_node_authors(markup), "json-ld"),
        ([*markup.microdata.get("author", ())], "microdata"),
        (_meta_authors(markup), "meta"),
        (list(_shown(near)), "byline"),
    ]
    helpers = _helpers(near)
    for values, origin in sources:
        found = names(values, publisher=publisher)
        found = tuple(name for name in found if name.casefold() not in helpers) or found
        found = tuple(name for name in found if not _is_part_of(publisher, name)) or found
        if found and any(not _is_organisation(name) for name in found):
            return Byline(authors=found, origin=origin)
    known = [*(block.words.casefold() for block in _bylines(near)), (publisher or "").casefold()]
    for values, origin in sources:
        wholes = [name for value in values if (name := one_line(_LEADS.sub("", value))) and _is_one_name(name)]
        wholes = [name for name in wholes if any(name.casefold() in words for words in known)]
        if wholes:
            return Byline(authors=tuple(dict.fromkeys(wholes))[:3], origin=origin)
    return None


def names(values: Iterable[str], *, publisher: str | None = None) -> tuple[str, ...]:
    """People's names out of author strings, in order, each once.

    >>> names(["By Ann Lee and Bo Ek, PhD", "The Example Times"], publisher="The Example Times")
    ('Ann Lee', 'Bo Ek')
    >>> names(["Cy Dee, Chief Officer and Head of Robots", "Eva Fox | The Example Journal"])
    ('Cy Dee', 'Eva Fox')
    """
    found: dict[str, str] = {}
    for value in values:
        parts = [part for part in (_DEGREES.sub("", p).strip(" .,:-–—|") for p in _parts(value)) if part]
        people = [part for part in parts if not _is_organisation(part)]
        for name in people or parts[:1]:
            if publisher and name.casefold() == publisher.casefold():
                continue
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _parts(value: str) -> Iterator[str]:
    """The names in one author string, up to where roles begin."""
    if re.search(r"https?:|www\.|\w@\w", value):
        return
    value = _HELPERS.split(_LEADS.sub("", one_line(value)))[0]
    for n, part in enumerate(_SPLIT.split(value.replace(" | ", " ; "))):
        name = _LEADS.sub("", part)
        if n and _ROLE.search(name):
            return
        if (
            name
            and len(name) <= 60
            and len(name.split()) <= 6
            and not _NOT_NAMES.search(name)
            and not _ROLE.search(name)
        ):
            yield name


def _is_part_of(publisher: str | None, name: str) -> bool:
    """Whether a name is a piece of the publisher's, as one with "&" in it is told apart like two people."""
    return " " in name and name.casefold() in (publisher or "").casefold()


def _is_organisation(name: str) -> bool:
    return name.casefold() in AGENCIES or is_outlet(name) or name.startswith(("The ", "the "))


def _is_one_name(value: str) -> bool:
    return (
        2 < len(value) < 40 and len(value.split()) <= 5 and not re.search(r"https?:|@|\d{3}|^\W|^[a-z]+ [a-z]", value)
    )


def _node_authors(markup: Markup) -> list[str]:
    value: Any = markup.article.get("author") or markup.article.get("creator")
    items = value if isinstance(value, list) else [value]
    return [name for item in items for name in texts(markup.node_of(item))]


def _meta_authors(markup: Markup) -> list[str]:
    for name in _META:
        values = [value for value in markup.meta.get(name, ()) if not value.startswith("http")]
        if names(values):
            return values
    return []


def _shown(near: Sequence[Block]) -> Iterator[str]:
    """Names as the reader sees them: after "by", or alone in an element called author."""
    for block in _bylines(near):
        words = _HELPERS.split(" | ".join(pieces(block)))[0]
        if (len(words) < 150 or not _is_called_author(block)) and (people := _leading_names(words[:150])):
            yield from people
            return


def _bylines(near: Sequence[Block]) -> Iterator[Block]:
    """The blocks that may name authors."""
    before = ""
    for block in near:
        follows = _BY.match(block.words) or _is_called_author(block) or _JUST_BY.fullmatch(before)
        if follows and not _JUST_BY.fullmatch(block.words):
            yield block
        before = block.words


def _is_called_author(block: Block) -> bool:
    return bool((block.place.own | (block.place.above.own if block.place.above else 0)) & _AUTHOR)


def _leading_names(words: str) -> list[str]:
    """The people a line begins with, up to what is no name.

    >>> _leading_names("Ann Lee and Bo van Ek, The Example Times")
    ['Ann Lee', 'Bo van Ek']
    """
    found: list[str] = []
    for piece in _SPLIT.split(words):
        part = _LEADS.sub("", f"{piece} ").strip().partition(" The ")[0]
        whole = _PERSON.match(part)
        if not part or (whole is None and not found and len(part) < 4):
            continue
        if (
            whole is None
            or _NOT_NAMES.search(part[: whole.end()])
            or _is_organisation(whole[0])
            or _ROLE.search(whole[0])
        ):
            break
        found.append(whole[0].strip(" .,") if not re.search(r"\b[A-Z]\.[A-Z]\.$", whole[0]) else whole[0])
        if whole.end() < len(part):
            break
    return found


def _helpers(near: Sequence[Block]) -> set[str]:
    """Those whom the page names as having updated, edited or photographed it, lower case."""
    found: set[str] = set()
    for n, block in enumerate(near):
        for lead in _HELPERS.finditer(block.words[:300]):
            rest = block.words[lead.end() :] or (near[n + 1].words if n + 1 < len(near) else "")
            found |= {name.casefold() for name in _leading_names(rest[:100])}
    return found
