"""Names that the lexicon knows, wherever they stand in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.language import Language

from extract.components.annotations import LABELS
from extract.components.found import Found, Grid
from extract.components.phrases import Phrases
from extract.components.tree import Tree, in_small
from extract.components.words import NOT_NAMES, given_names
from extract.vocabulary import Lexicon, Record

_REACH = 160  # characters to either side in which a cue must stand
_SHORTEST_SHOUT = 4  # letters of a name in capitals that still cannot be an abbreviation of something else
_KINDS_OF_PROJECT = frozenset({"app", "bot", "chatbot", "drone", "robot", "spyware"})  # no part of a name: the Tea app
_SUBJECT_FIRST = ("COMPANY", "AUTHORITY", "OUTLET", "PROJECT")  # of two records with one name


class KnownNames:
    """Finds the lexicon's names in a Doc, the longest first."""

    def __init__(self, nlp: Language, lexicon: Lexicon, plain_words: frozenset[str]) -> None:
        self.lexicon = lexicon
        self._plain = plain_words
        self._cues: dict[str, re.Pattern[str]] = {}
        self._names: dict[str, list[tuple[str, str]]] = {}  # by small letters: slug, and how it is written
        for slug, record in lexicon.records.items():
            if record.strength not in ("phrase", "topic"):  # those are common nouns for a rule; they name nothing
                for name in (form for one in record.names for form in _spellings(one)):
                    self._names.setdefault(in_small(name), []).append((slug, name))
        written = (name for names in self._names.values() for _, name in names)
        self._phrases = Phrases(nlp, {name: not _is_camel(name) for name in written})

    def __call__(self, grid: Grid, candidates: Sequence[tuple[str, int, int]]) -> list[Found]:
        """Names among the candidates that may overlap; an ambiguous one only where the text says that it is meant."""
        doc, text = grid.tree, grid.text
        sure = {slug for slug, start, end in candidates if not self._is_ambiguous(slug, grid.stretch(start, end))}
        has_project = any(self.lexicon.records[slug].kind == "project" for slug in sure)
        near = sure | {r.parent for slug in sure if (r := self.lexicon.get(slug)) and r.parent}
        meant = {
            c[0] for c in candidates if c[0] not in sure and self._is_meant(doc, text, *c, near, has_project)
        } | sure
        kept = [c for c in candidates if c[0] in meant and self._is_exact(grid.stretch(*c[1:]), c[0])]
        return [found for c in kept for found in self._parts(doc, self._found(*c))]

    def candidates(self, doc: Tree) -> Iterator[tuple[str, int, int]]:
        """Slug, first token and the one after the last, where the letters' case is one that the name has.

        The Doc need not be parsed.
        """
        for start, end in self._phrases(doc):
            stretch = doc[start:end]
            words, written = stretch.text, self._names[stretch.small]
            for slug in dict.fromkeys(slug for slug, name in written if self._can_be(words, name)):
                if self.lexicon.records[slug].kind != "rule" or not _is_part_of_longer(doc, start):
                    yield slug, start, end

    def _can_be(self, words: str, name: str) -> bool:
        """Whether the words are the name, or a form of it and no everyday word."""
        return words == name or (words not in self._plain and _is_form_of(words, name))

    def _parts(self, doc: Tree, found: Found) -> list[Found]:
        """ "Tesla Model 3" is two names, a maker's and a vehicle's; "Grok chatbot" is a name and a noun."""
        record = self.lexicon.records[found.slug]
        maker = self.lexicon.owner_of(found.slug) if record.subkind == "vehicle" else None
        for cut in range(found.start + 1, found.end):
            rest = doc[cut : found.end].text
            if maker and doc[found.start : cut].text in maker.names and rest in record.names:
                first = replace(found, end=cut, label=LABELS[maker.kind], name=maker.name, slug=maker.slug)
                return [first, replace(found, start=cut)]
            name = doc[found.start : cut].text
            if record.kind == "project" and (
                ((rest.islower() or rest == "AI") and name in record.names)
                or (rest in _KINDS_OF_PROJECT and cut == found.start + 1 and name not in self.lexicon.names)
            ):
                return [replace(found, end=cut)]
        return [found]

    def _is_ambiguous(self, slug: str, words: str) -> bool:
        record = self.lexicon.records[slug]
        has_short = any(" " not in name for name in record.names)  # it is that one which means other things, too
        if not record.context or (" " in words.removeprefix("The ") and (has_short or words != record.name)):
            return False
        is_camel = any(c.isupper() for c in words[1:]) and not words.isupper()
        is_made = is_camel or any(c in "-.0123456789" for c in words)
        return not (len(words) > 4 and is_made)  # DeepSeek-R1, StabilityAI: its make is telling enough

    def _is_exact(self, words: str, slug: str) -> bool:
        """Whether an ambiguous name is spelled as the record has it."""
        return not self._is_ambiguous(slug, words) or words in self.lexicon.records[slug].names

    def _is_meant(
        self, doc: Tree, text: str, slug: str, start: int, end: int, near: set[str], has_project: bool
    ) -> bool:
        """Whether the words around an ambiguous name, or another name in the text, say that the record is meant."""
        record = self.lexicon.records[slug]
        if not self._is_exact(doc[start:end].text, slug):
            return False
        if record.parent in near or slug in near or (record.kind != "outlet" and _is_taken_for_name(doc, start, end)):
            return True
        if (record.kind == "company" or (record.kind == "project" and has_project)) and _stands_as_name(
            doc, start, end, is_plain=doc[start].lower_ in self._plain
        ):
            return True
        if record.subkind == "platform" and has_project and start and doc[start - 1].lower_ in ("on", "via"):
            return True
        name = doc[start:end]
        first, last = name.start_char, name.end_char
        around = f"{text[max(0, first - _REACH) : first]} | {text[last : last + _REACH]}"
        return bool(self._cue(record).search(around))

    def _cue(self, record: Record) -> re.Pattern[str]:
        if record.slug not in self._cues:
            words = "|".join(re.escape(cue) for cue in record.cues) or r"(?!)"
            self._cues[record.slug] = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
        return self._cues[record.slug]

    def _found(self, slug: str, start: int, end: int) -> Found:
        record = self.lexicon.records[slug]
        label = LABELS[record.kind]
        return Found(start=start, end=end, label=label, name=record.name, method="lexicon", slug=slug, is_public=True)


def first_meaning(doc: Tree, found: list[Found]) -> list[Found]:
    """Of the records with the same words the one that acts, a firm before its product; after "on" the product."""
    order = {label: n for n, label in enumerate(_SUBJECT_FIRST)}
    best: dict[tuple[int, int], Found] = {}
    for one in sorted(found, key=lambda f: order.get(f.label, len(order))):
        is_place = one.start and doc[one.start - 1].lower_ in ("on", "via", "through")
        if (one.start, one.end) not in best or (is_place and one.label == "PROJECT"):
            best[one.start, one.end] = one
    return list(best.values())


def _is_part_of_longer(doc: Tree, start: int) -> bool:
    """Whether a capitalised word before a law's name belongs to it: the Veldanian Data Protection Act is no other's."""
    if not start or doc[start - 1].is_space or not doc[start - 1].is_alpha or not doc[start].text[0].isupper():
        return False
    word = doc[start - 1].text
    return word.istitle() and word not in NOT_NAMES


def _is_taken_for_name(doc: Tree, start: int, end: int) -> bool:
    """Whether the model calls exactly these words an organisation or a product."""
    ends = end == len(doc) or doc[end].ent_iob_ != "I"
    return doc[start].ent_type_ in ("ORG", "PRODUCT") and doc[start].ent_iob_ == "B" and ends


def _stands_as_name(doc: Tree, start: int, end: int, *, is_plain: bool) -> bool:
    """Whether a capital alone shows a name: within a sentence, or at its start if the word is no plain one."""
    if doc[start].text in given_names() or len(doc[start:end].text) < 3:
        return False
    before, after = doc[start - 1] if start else None, doc[end] if end < len(doc) else None
    if before is not None and before.text in ("-", "‑") and not before.whitespace_:
        return False  # the second half of a double name
    if before is None or doc[start].is_sent_start or before.is_punct or before.is_space:
        return after is not None and not is_plain and not after.is_punct and not after.is_space
    return not before.text[0].isupper() and (after is None or not after.text[0].isupper())


def _spellings(name: str) -> Iterator[str]:
    """The name with straight and with curly apostrophes."""
    yield name
    if "'" in name:
        yield name.replace("'", "’")


def _is_form_of(words: str, name: str) -> bool:
    """Whether ``words``, other than ``name`` in case alone, can stand for it.

    >>> [_is_form_of(w, "ByteDance") for w in ("Bytedance", "BYTEDANCE", "bytedance")]
    [True, True, True]
    >>> [_is_form_of(w, "Apple") for w in ("APPLE", "apple")]
    [True, False]
    """
    if words.isupper():
        return sum(c.isalpha() for c in name) >= _SHORTEST_SHOUT and not name.isupper()
    if _is_camel(name):
        return words[0].isupper() or words.islower()
    return words.istitle() and not name.isupper() and " " in name


def _is_camel(name: str) -> bool:
    """Whether a capital stands within a word, so that it is written without as well."""
    return " " not in name and name[1:] != name[1:].lower() and not name.isupper()
