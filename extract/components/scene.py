"""A Doc's sentences with the actors, rules and authorities that stand in each."""

import re
from dataclasses import dataclass, field

from extract.components.measures import Measure, measures
from extract.components.responses import Said, responses
from extract.components.roles import Cast
from extract.components.rules import RuleMention
from extract.components.tree import Stretch, Token, Tree

AUTHORITY = re.compile(
    r"\b(?:courts?|judges?|jury|jurors|tribunal|regulators?|watchdogs?|prosecutors?|police|auditors?|council"
    r"|authorit(?:y|ies)|agency|commission(?:er)?|ministry|"
    r"attorneys? general|ombudsman|government|department|magistrates?|justices|inspectors?|arbitrators?|officials"
    r"|supreme court|lawmakers|detectives|investigators|bureau|board|grand jury|the bar|privacy commissioner|bench"
    r"|inspectorate|central bank|supervisor|customs|adjudicator|royal college|law society|bar association"
    r"|professional (?:association|body)"
    r"|(?:appeals?|conduct|disciplinary|ethics|standards) (?:chamber|committee|panel)"
    r"|(?:cartel|control|fraud|labour|prosecution|protection|safety|tax|standards) office"
    r"|(?:attorney general|commissioner|ombudsman|prosecutor)['’]s office)\b"
)
"""In small letters."""
_OFFICE = re.compile(
    r"\b(?:[Jj]udges?|[Cc]ourts?|[Tt]ribunal|[Rr]egulators?|[Cc]ommission(?:er)?|[Ww]atchdog|[Aa]uthority|[Jj]ur(?:y|ors)"
    r"|[Jj]ustices?|[Aa]gency|[Bb]oard|[Oo]mbudsman|[Aa]uditors?|[Ii]nvestigation|[Ii]nquiry|[Rr]uling|[Jj]udgment"
    r"|[Vv]erdict)\b"
)
_ANY_CASE = re.IGNORECASE.value
_RULES = frozenset({"adjudged", "ruled", "sentenced"})  # what nobody else does: "she ruled"
_OURS = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b")


@dataclass(slots=True)
class Scene:
    """A Doc's sentences with what stands in each."""

    doc: Tree
    cast: Cast
    rules: list[RuleMention]
    sentences: list[Stretch] = field(init=False)
    authorities: frozenset[int] = field(init=False)
    texts: list[str] = field(init=False)
    """Of the sentences."""
    small: list[str] = field(init=False)
    """Of the sentences, in small letters."""
    first_told: int = field(init=False)
    """The first sentence of the body that is no line such as a byline."""
    _of_token: dict[int, int] = field(init=False)
    _titles: list[bool] = field(init=False)
    _is_official: bool = field(init=False)
    """The title has an authority act: what "we" did in the text is its doing."""
    _measures: dict[int, tuple[Measure, ...]] = field(init=False, default_factory=dict)
    _said: dict[tuple[int, int], bool] = field(init=False, default_factory=dict)
    _responses: list[Said] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        each = [(s, s.text) for s in self.doc.sents]
        self.sentences = [s for s, text in each if text.strip()]
        self.texts = [text for _, text in each if text.strip()]
        self.small = [s.small for s in self.sentences]
        self._titles = [s.start < self.doc.first_of_body for s in self.sentences]
        named = {i for m in self.cast.mentions if m.kind == "authority" for i in range(m.start, m.end)}
        self.authorities = frozenset(named | _speaking_for(self.doc, named))
        self._is_official = AUTHORITY.search(self.doc.small[: self.doc.body_start]) is not None
        told = (n for n, s in enumerate(self.sentences) if not self.in_title(n) and len(s) > 5)
        self.first_told = next(told, 0)
        self._of_token = {i: n for n, s in enumerate(self.sentences) for i in range(s.start, s.end)}

    def sentence_of(self, token: int) -> int:
        """Number of the sentence it stands in."""
        return self._of_token.get(token, 0)

    def rules_in(self, sentence: int) -> list[RuleMention]:
        span = self.sentences[sentence]
        return [r for r in self.rules if span.start <= r.start < span.end]

    def measures_in(self, sentence: int) -> tuple[Measure, ...]:
        """The sanctions of a sentence, which several matters ask for."""
        if sentence not in self._measures:
            self._measures[sentence] = tuple(measures(self.sentences[sentence]))
        return self._measures[sentence]

    def says(self, words: re.Pattern[str], sentence: int) -> bool:
        """Are these words in the sentence, for which each of its triggers asks?

        Words that do not ignore the case are in small letters.
        """
        key = id(words), sentence  # a pattern's own hash is made anew each time
        if key not in self._said:
            text = (self.texts if words.flags & _ANY_CASE else self.small)[sentence]
            self._said[key] = words.search(text) is not None
        return self._said[key]

    def responses(self) -> list[Said]:
        """What sounds like an answer in the sentences of the body, by kind."""
        if self._responses is None:
            self._responses = responses((n, text) for n, text in enumerate(self.small) if not self._titles[n])
        return self._responses

    def in_title(self, sentence: int) -> bool:
        return self._titles[sentence]

    def is_authority(self, noun: Token | None) -> bool:
        """Is it an authority, by its name or by the words before it: "the court", "Oakmere's inspectors"?"""
        if noun is None:
            return False
        return noun.i in self.authorities or AUTHORITY.search(self.doc[noun.left_edge.i : noun.i + 1].small) is not None

    def has_authority(self, sentence: int) -> bool:
        span, text = self.sentences[sentence], self.texts[sentence]
        if self._is_official and _OURS.search(text) and not any(q in text for q in '“"'):
            return True
        return self.says(AUTHORITY, sentence) or not self.authorities.isdisjoint(range(span.start, span.end))


def _speaking_for(doc: Tree, named: set[int]) -> set[int]:
    """Subjects that are a judge by name, or a pronoun for the court, regulator or judge who spoke last."""
    found: set[int] = set()
    is_office = is_many = False
    for token in doc.tokens:
        if token.dep_ not in ("nsubj", "nsubjpass"):
            continue
        if token.pos_ == "PRON" and token.lower_ in ("he", "she", "it", "they"):
            if token.head.lower_ in _RULES or (is_office and (token.lower_ != "they" or is_many)):
                found.add(token.i)
            continue
        if token.pos_ == "PRON" or token.lower_ in ("which", "who", "that", "whom"):
            continue
        before = doc.between(max(0, token.left_edge.i - 1), token.i + 1)
        is_office = token.i in named or _OFFICE.search(before) is not None
        is_many = token.tag_ in ("NNS", "NNPS", "NNP") or token.lower_ in ("jury", "police")
        if is_office:
            found.add(token.i)
    return found
