"""Names that the lexicon knows, wherever they stand in a text."""

import re
from collections.abc import Iterator
from functools import cached_property

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from extract.vocabulary import Lexicon, Record

_REACH = 160  # characters to either side in which a cue must stand
_SHORTEST_SHOUT = 4  # letters of a name in capitals that still cannot be an abbreviation of something else


class KnownNames:
    """Finds the lexicon's names in a Doc, the longest first."""

    def __init__(self, nlp: Language, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._strings = nlp.vocab.strings
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._spellings: dict[tuple[str, str], tuple[str, ...]] = {}
        self._cues: dict[str, re.Pattern[str]] = {}
        for record in lexicon.records.values():
            if record.strength in ("phrase", "topic"):
                continue  # common nouns for a rule; they name nothing
            names = tuple(dict.fromkeys(form for name in record.names for form in _spellings(name)))
            self._matcher.add(record.slug, [nlp.make_doc(name) for name in names])
            for name in names:
                key = (record.slug, name.lower())
                self._spellings[key] = (*self._spellings.get(key, ()), name)

    def __call__(self, doc: Doc) -> list[Span]:
        """Spans that do not overlap, each with the slug of its record as ``kb_id_``."""
        candidates = [span for span in self._candidates(doc) if self._is_spelled(span)]
        sure = {span.kb_id_ for span in candidates if not self._is_ambiguous(span)}
        near = sure | {r.parent for slug in sure if (r := self.lexicon.get(slug)) and r.parent}
        meant = {span.kb_id_ for span in candidates if self._is_ambiguous(span) and self._is_meant(span, near)}
        kept = [span for span in candidates if not self._is_ambiguous(span) or span.kb_id_ in meant]
        return filter_spans(sorted(kept, key=self._rank))

    def _candidates(self, doc: Doc) -> Iterator[Span]:
        for key, start, end in self._matcher(doc):
            slug = self._strings[key]
            yield Span(doc, start, end, label=self.lexicon.records[slug].kind.upper(), kb_id=slug)

    def _is_spelled(self, span: Span) -> bool:
        """Whether the letters' case is one in which the name is written."""
        return any(_is_form_of(span.text, name) for name in self._spellings[span.kb_id_, span.text.lower()])

    def _is_ambiguous(self, span: Span) -> bool:
        record = self.lexicon.records[span.kb_id_]
        return record.context and (span.text == record.name or " " not in span.text)

    def _is_meant(self, span: Span, near: set[str]) -> bool:
        """Whether the text around an ambiguous name, or another name in it, says that the record is meant."""
        record = self.lexicon.records[span.kb_id_]
        if span.text not in record.names:
            return False
        if record.slug in near or record.parent in near:
            return True
        start, end = span.start_char, span.end_char
        around = span.doc.text[max(0, start - _REACH) : start] + " | " + span.doc.text[end : end + _REACH]
        return bool(self._cue(record).search(around))

    def _cue(self, record: Record) -> re.Pattern[str]:
        if record.slug not in self._cues:
            words = "|".join(re.escape(cue) for cue in record.cues) or r"(?!)"
            self._cues[record.slug] = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
        return self._cues[record.slug]

    def _rank(self, span: Span) -> tuple[int, int]:
        """Of two records with one name the company comes first."""
        return (span.start, 0 if span.label_ == "COMPANY" else 1)

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """Words that are names by themselves, as the lexicon writes them."""
        return frozenset(name for record in self.lexicon.records.values() for name in record.names if " " not in name)


def _spellings(name: str) -> Iterator[str]:
    """The name with straight and with curly apostrophes."""
    yield name
    if "'" in name:
        yield name.replace("'", "’")


def _is_form_of(words: str, name: str) -> bool:
    """Whether ``words``, equal to ``name`` but for case, can stand for it.

    >>> [_is_form_of(w, "ByteDance") for w in ("ByteDance", "Bytedance", "BYTEDANCE", "bytedance")]
    [True, True, True, True]
    >>> [_is_form_of(w, "Apple") for w in ("Apple", "APPLE", "apple")]
    [True, True, False]
    """
    if words == name:
        return True
    if words.isupper():
        return sum(c.isalpha() for c in name) >= _SHORTEST_SHOUT and not name.isupper()
    if any(c.isupper() for c in name[1:]) and " " not in name and not name.isupper():
        return words[0].isupper() or words.islower()
    return words.istitle() and not name.isupper() and " " in name
