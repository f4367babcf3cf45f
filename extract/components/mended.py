"""The model's names, with its known faults mended."""

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.components.found import Found, Grid
from extract.components.lemmas import lemma
from extract.components.tree import Stretch, Token
from extract.components.words import CALENDAR, FIELDS, demonyms, generic, given_names, places, titles
from extract.vocabulary import load_words

_LABELS = {
    "ORG": "COMPANY", "PERSON": "PERSON", "GPE": "GPE", "LOC": "GPE", "FAC": "GPE", "PRODUCT": "PROJECT",
}  # fmt: skip
_WORDS = load_words("people_words")
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "its", "their", "his", "her", "our"})
_POSSESSIVES = frozenset({"'s", "’s", "'", "’", "s"})
_OF_SUMS = frozenset(
    {
        "billion",
        "crore",
        "dollar",
        "euro",
        "franc",
        "lakh",
        "million",
        "pound",
        "rand",
        "rupee",
        "thousand",
        "won",
        "yen",
        "yuan",
    }
)
_HUMAN = frozenset(_WORDS["people_do"])
_SAYS = frozenset(_WORDS["say"])


def model_names(grid: Grid) -> Iterator[Found]:
    """What the model calls an organisation, person, place or product, cut to the name."""
    for ent in grid.tree.model_names():
        label = _LABELS.get(ent[0].ent_type_)
        if label is None:
            continue
        start, end = _cut(ent, is_person=label == "PERSON")
        if start >= end:
            continue
        span, text = grid.tree[start:end], grid.stretch(start, end)
        label = _mended_label(grid.doc, span, text, label)
        if _is_name(span, text, label):
            yield Found(start=start, end=end, label=label, name=text, method="model")


def _cut(ent: Stretch, *, is_person: bool) -> tuple[int, int]:
    """The entity without article, title, possessive, bracket and whatever follows a line break."""
    start, end = ent.start, ent.end
    if (sum_ := _sum_in(ent)) is not None:
        end = sum_
    words = ent.doc.between(start, end).split(" ")
    if len(words) == end - start and all(map(str.isalpha, words)) and not _has_edges(words):
        return start, end  # as most are
    for token in ent.doc[start:end]:
        if token.is_space or (token.text in ("(", ")", "[", "]", "/", '"', "“", "”") and token.i > start):
            end = token.i
            break
    while start < end and (_is_lead(ent.doc[start]) or (is_person and ent.doc[start].text in titles())):
        start += 1
        if start < end and ent.doc[start].text == ".":
            start += 1
    while start < end and (
        ent.doc[end - 1].lower_ in _POSSESSIVES or (ent.doc[end - 1].is_punct and ent.doc[end - 1].text != ".")
    ):
        end -= 1
    return start, end


def _sum_in(ent: Stretch) -> int | None:
    """Where a sum of money begins behind the name: "fined Brackenfold twenty-five million dollars"."""
    if ent[-1].lower_.removesuffix("s") not in _OF_SUMS:
        return None
    return next((t.i for t in ent if t.i > ent.start and t.like_num), None)


def _has_edges(words: list[str]) -> bool:
    return words[0].lower() in _ARTICLES or words[0] in titles() or words[-1].lower() in _POSSESSIVES


def _is_lead(token: Token) -> bool:
    return token.lower_ in _ARTICLES or (token.is_punct and token.text != ".")


def _mended_label(doc: Doc, span: Stretch, text: str, label: str) -> str:
    if text in places():
        return "GPE"
    if text.endswith(" AI"):
        return "COMPANY"
    if text.isupper() and _is_dateline(span):
        return "GPE"
    is_spelled = label != "PERSON" and all(token.text[0].isupper() and token.text.isalpha() for token in span)
    if is_spelled and len(span) in (2, 3) and span[0].text in given_names():
        return "PERSON"
    if label == "PERSON" and any(token.like_num or ("-" in token.text and token.text[-1].isdigit()) for token in span):
        return "PROJECT"
    if is_spelled and len(span) == 1 and span.root.dep_ in ("nsubj", "nsubjpass"):
        return "PERSON" if text.istitle() and lemma(doc[span.root.head.i]) in _HUMAN else label
    if label == "PERSON" and len(span) == 1 and len(text) > 2 and text.isupper():
        return "COMPANY"
    if label in ("COMPANY", "PERSON") and len(span) == 1 and any(c.lower_ in ("a", "an") for c in span.root.children):
        return "PROJECT"  # "an X": one of many
    if label == "GPE" and span.root.dep_ == "nsubj" and lemma(doc[span.root.head.i]) in _SAYS and len(span) == 2:
        return "PERSON"
    return label


def _is_dateline(span: Stretch) -> bool:
    """Whether a name in capitals is the place that a report begins with."""
    after = span.doc[span.end].text if span.end < len(span.doc) else ""
    return (not span.start or span[0].nbor(-1).is_space) and after in ("(", ",", "—", "–", "-", ":")


def _is_of_title(span: Stretch) -> bool:
    """Whether it is the field in somebody's title."""
    after = span.doc[span.end].text if span.end < len(span.doc) else ""
    return after in titles() and all(token.text in FIELDS or token.lower_ == "and" for token in span)


def _is_name(span: Stretch, text: str, label: str) -> bool:
    if text in generic() or text in demonyms() or text in CALENDAR or text in titles():
        return False
    if _is_of_title(span) or (label == "COMPANY" and span[-1].text in ("Act", "Acts", "Directive")):
        return False  # Digital Minister, Road Automation Act
    if label == "PROJECT" and span[0].text in generic():
        return False
    has_capital = text[0].isupper() or any(c.isupper() for c in text)
    if not has_capital or not (text[0].isalpha() or any(c.isalpha() for c in text)):
        return False
    if label == "PROJECT" and len(span) == 1:
        return any(c.isdigit() for c in text) or any(
            c.isupper() for c in text[1:]
        )  # of plain words it knows too little
    return not (label == "PERSON" and len(span) == 1 and len(text) < 3)
