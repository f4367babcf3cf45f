"""A Doc's sentences with the actors, rules and authorities that stand in each."""

import re
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from extract.components.roles import Cast
from extract.components.rules import RuleMention

AUTHORITY = re.compile(
    r"\b(?:courts?|judges?|jury|jurors|tribunal|regulators?|watchdogs?|prosecutors?|police|auditors?|council"
    r"|authorit(?:y|ies)|agency|commission(?:er)?|ministry|"
    r"attorneys? general|ombudsman|government|department|magistrate|inspectors?|arbitrators?|officials|supreme"
    r" court|lawmakers|detectives|bureau|board|grand jury|the bar|privacy commissioner|bench)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:[Jj]udges?|[Cc]ourts?|[Tt]ribunal|[Rr]egulators?|[Cc]ommission(?:er)?|[Ww]atchdog|[Aa]uthority|[Jj]ury"
    r"|[Jj]ustices?|[Aa]gency|[Bb]oard|[Oo]mbudsman|[Aa]uditors?|[Ii]nvestigation|[Ii]nquiry|[Rr]uling|[Jj]udgment"
    r"|[Vv]erdict)\b"
)
_OURS = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b")


@dataclass(slots=True)
class Scene:
    """A Doc's sentences with what stands in each."""

    doc: Doc
    cast: Cast
    rules: list[RuleMention]
    sentences: list[Span] = field(init=False)
    authorities: frozenset[int] = field(init=False)
    _of_token: dict[int, int] = field(init=False)
    _is_official: bool = field(init=False)
    """The title has an authority act: what "we" did in the text is its doing."""

    def __post_init__(self) -> None:
        self.sentences = [s for s in self.doc.sents if s.text.strip()]
        named = {i for m in self.cast.mentions if m.kind == "authority" for i in range(m.start, m.end)}
        self.authorities = frozenset(named | _speaking_for(self.doc, named))
        self._is_official = AUTHORITY.search(self.doc.text[: self.doc._.body_start]) is not None
        self._of_token = {t.i: n for n, s in enumerate(self.sentences) for t in s}

    def sentence_of(self, token: int) -> int:
        """Number of the sentence it stands in."""
        return self._of_token.get(token, 0)

    def rules_in(self, sentence: int) -> list[RuleMention]:
        span = self.sentences[sentence]
        return [r for r in self.rules if span.start <= r.start < span.end]

    def in_title(self, sentence: int) -> bool:
        return bool(self.sentences[sentence].start_char < self.doc._.body_start)

    def has_authority(self, sentence: int) -> bool:
        span = self.sentences[sentence]
        if self._is_official and _OURS.search(span.text) and not any(q in span.text for q in '“"'):
            return True
        return bool(AUTHORITY.search(span.text)) or any(i in self.authorities for i in range(span.start, span.end))


def _speaking_for(doc: Doc, named: set[int]) -> set[int]:
    """Subjects that are a judge by name, or a pronoun for the court, regulator or judge who spoke last."""
    found: set[int] = set()
    is_office = False
    for token in doc:
        if token.dep_ not in ("nsubj", "nsubjpass"):
            continue
        if token.pos_ == "PRON" and token.lower_ in ("he", "she", "it", "they"):
            if is_office:
                found.add(token.i)
            continue
        before = doc[max(0, token.left_edge.i - 1) : token.i + 1].text
        is_office = token.i in named or _OFFICE.search(before) is not None
        if is_office:
            found.add(token.i)
    return found
