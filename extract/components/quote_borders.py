"""Where the words that a cue reports begin and end."""

from collections.abc import Mapping
from dataclasses import dataclass

from extract.components.quote_cues import Cue
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import subject
from extract.components.tree import Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
COMMAS = frozenset({",", "—", "–", "--", "-", "(", ";"})
_DAYS = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "week", "weekend", "month", "year",
     "morning", "afternoon", "evening", "night", "today", "yesterday"}
)  # fmt: skip
_THEN = frozenset({"before", "after", "while", "without"})
_CONDITIONS = frozenset({"if", "unless", "because", "until", "when", "whenever", "before", "while", "so"})
_AGAINST = frozenset({"while", "though", "although", "whereas"})
TOLD = frozenset({"assured", "assures", "assuring", "informed", "informs", "informing", "promised", "promises"})
_ATTACHED = frozenset({"advcl", "acl", "conj", "ccomp", "dep"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a cue reports."""

    runs: tuple[Run, ...]
    rule: str
    confidence: float


class Borders:
    """Cuts what the cues of a layout report."""

    def __init__(self, layout: Layout, cues: list[Cue]) -> None:
        self.layout = layout
        self.cues: Mapping[int, Cue] = {cue.i: cue for cue in cues}

    def reported(self, runs: list[Run], rule: str, confidence: float) -> Reported | None:
        """The runs without what stands around them, every passage whole; ``None`` if nothing is left."""
        kept = tuple(t for run in runs if len(t := self.layout.trimmed(self.layout.whole(run))))
        return Reported(runs=kept, rule=rule, confidence=confidence) if kept else None

    def to_the_right(self, cue: Cue, clause: Token) -> Run:
        """The clause behind its cue, without the day on which it was said."""
        start = cue.run.end if self._lost_its_subject(cue, clause) else max(clause.left_edge.i, cue.run.end)
        return self.from_here(cue, self.behind_date(start), clause)

    def _lost_its_subject(self, cue: Cue, clause: Token) -> bool:
        """Whether the nouns behind the cue are the clause's, not whom it was told: "said the tests they ran failed"."""
        assert cue.verb is not None
        first = self.layout.tokens[cue.run.end]
        if (
            clause.left_edge.i <= first.i
            or "order" in cue.verb.frames
            or not (cue.verb.frames >= {"clause", "speech"} or "document" in cue.verb.frames)
        ):
            return False
        if (
            any(c.dep_ == "mark" for c in clause.lefts)
            or first.ent_type_ in ("DATE", "TIME")
            or self.layout.inside[first.i] >= 0
        ):
            return False
        return first.pos_ in ("DET", "NOUN", "PROPN", "ADJ", "NUM") and self.layout.tokens[cue.i].lower_ not in TOLD

    def relative(self, cue: Cue, clause: Token | None) -> list[Run]:
        """The "which" of "which she said would close", the "what" of "what she called a joke"; no "who" who speaks."""
        token = self.layout.tokens[cue.i]
        before = [*(clause.lefts if clause is not None else ()), *token.lefts]
        who = next((c for c in before if c.tag_ in ("WDT", "WP") and c.i < token.i), None)
        if who is None or self.layout.inside[who.i] >= 0 or who == subject(self.layout, cue):
            return []
        return [Run(who.i, who.i + 1)]

    def from_here(self, cue: Cue, start: int, clause: Token) -> Run:
        """The words from ``start`` to where the clause and what goes on with it end."""
        sentence = self.layout.sentence(cue.i)
        end = clause.right_edge.i + 1
        for other in self.layout.tokens[cue.i].rights:
            is_next = other.dep_ == "conj" and other.i >= end and other.i not in self.cues
            if (is_next and self.has_subject(other.i)) or (other.left_edge.i == end and _goes_on(other)):
                end = other.right_edge.i + 1
        if end < sentence.end and (self._is_broken_off(end) or self._is_next_that(end)):
            end = sentence.end
        return self.cut(cue, Run(start, min(end, sentence.end)))

    def _is_broken_off(self, end: int) -> bool:
        """Whether the parser broke off where the sentence did not: before a verb, a dash, a colon."""
        token = self.layout.tokens[end]
        is_verb = token.tag_ in FINITE and end not in self.cues
        return bool(token.is_sent_start) or is_verb or token.text == ":"

    def _is_next_that(self, end: int) -> bool:
        """Whether a second "that" goes on with what was said: ", and that they would pay"."""
        words = [t for t in self.layout.tokens[end : end + 4] if t.text not in COMMAS]
        return len(words) > 1 and words[0].tag_ == "CC" and words[1].lower_ == "that" and words[1].dep_ == "mark"

    def behind_date(self, i: int) -> int:
        """Where the clause begins behind the day on which it was said: "said Monday he would go"."""
        start = i
        if self.layout.tokens[i].lower_ == "on" and self.layout.tokens[i + 1].ent_type_ == "DATE":
            i += 1
        while self.layout.tokens[i].ent_type_ in ("DATE", "TIME") and i < start + 4:
            i += 1
        words = self.layout.tokens[i - 1].lower_ if i > start else ""
        return i if words in _DAYS and self.layout.tokens[i].tag_[0] != "V" else start

    def cut(self, cue: Cue, run: Run) -> Run:
        """The run up to where the speaker does something else: ", adding that …", " but warned …", ", and left"."""
        for i in range(run.start + 2, run.end):
            if self.layout.inside[i] < 0 and (end := self._takes_over(cue, run, i)) is not None:
                return Run(run.start, end)
        return run

    def _takes_over(self, cue: Cue, run: Run, i: int) -> int | None:
        """Where the words end that the cue reports, if the token ends them."""
        tokens, token, other = self.layout.tokens, self.layout.tokens[i], self.cues.get(i)
        if other is None and token.dep_ != "conj":
            return None
        at = i - 1
        while at > run.start and tokens[at].pos_ == "ADV":
            at -= 1
        before = tokens[at]
        if other is not None and other.verb is None:
            return at if before.text in COMMAS else None
        has_subject = any(c.dep_ in SUBJECTS for c in token.children)
        if token.tag_ == "VBG" and has_subject and token.dep_ == "pcomp" and token.head.lower_ == "with":
            return token.head.i  # ", with the guild saying …"
        if token.dep_ == "conj" and token.head.i == cue.i and (other is not None or not has_subject):
            joint = next((c.i for c in tokens[cue.i].rights if c.dep_ == "cc" and c.i < i), None)
            return joint if joint is not None and joint > run.start else None
        if has_subject:
            return self._other_statement(run, i) if other is not None else None
        if token.tag_ in ("VBD", "VBZ") and token.head.tag_ == "VB" and token.dep_ == "conj" and before.dep_ == "cc":
            return at
        if other is not None and token.tag_ == "VBG" and token.dep_ == "pcomp" and before.lower_ in _THEN:
            return at
        if other is not None and token.tag_ == "VBG" and before.text in COMMAS and token.dep_ in _ATTACHED:
            return at
        is_back = other is not None and token.tag_ in FINITE and token.tag_ != token.head.tag_ and cue.i < token.head.i
        is_joined = before.dep_ == "cc" and token.dep_ == "conj"
        if (
            is_joined
            and is_back
            and "MD" not in {c.tag_ for c in token.head.children}
            and complement(token) is not None
        ):
            return at  # "said it was old and claim that …"
        if token.tag_ != tokens[cue.i].tag_ or not is_joined:
            return None
        if other is not None and complement(token) is not None:
            return at
        has_comma = tokens[at - 1].text in COMMAS
        if other is not None:
            is_joined = has_comma or (_is_shifted(token) and not _is_perfect(token.head))
        else:
            is_joined = has_comma and _is_shifted(token)
        return at if is_joined else None

    def _other_statement(self, run: Run, i: int) -> int | None:
        """Where the next one's statement begins: ", and Brook replied …", ", while the firm says …"."""
        token = self.layout.tokens[i]
        start = token.left_edge.i
        if start <= run.start or complement(token) is None or any(c.lower_ == "that" for c in token.lefts):
            return None  # "that it failed, and that nobody could say why" is one statement
        joint = self.layout.tokens[start]
        if joint.lower_ in _AGAINST:
            return start if start > run.start + 2 else None  # "that while X showed a fall, it was rising"
        is_joined = self.layout.tokens[start - 1].dep_ == "cc" and self.layout.tokens[start - 2].text in COMMAS
        return start - 1 if is_joined and start - 1 > run.start else None

    def has_subject(self, i: int) -> bool:
        """Whether the token is a verb with a subject of its own."""
        return any(c.dep_ in SUBJECTS for c in self.layout.tokens[i].children)


def has_words(layout: Layout, run: Run, fewest: int) -> bool:
    return sum(1 for t in layout.tokens[run.start : run.end] if not t.is_punct and not t.is_space) >= fewest


def has_verb(layout: Layout, run: Run) -> bool:
    return any(t.tag_ in FINITE for t in layout.tokens[run.start : run.end])


def _goes_on(clause: Token) -> bool:
    """Whether it is an adverbial clause of what was said: "she would stay if they paid", the "if" given to "said"."""
    mark = next((c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod")), None)
    return clause.dep_ == "advcl" and mark in _CONDITIONS


def _is_relative(clause: Token, verb: Token) -> bool:
    """ "(reported delays) that lasted two hours": the clause of a noun, taken for what was said."""
    return any(c.lower_ == "that" and c.dep_ == "nsubj" and c.tag_ == "WDT" and c.i > verb.i for c in clause.children)


def complement(token: Token) -> Token | None:
    """The clause that the parser gives the verb, rather one behind it than one before it."""
    clauses = [c for c in token.children if c.dep_ == "ccomp" and not _is_relative(c, token)]
    right = [c for c in clauses if c.i > token.i]
    return next(iter(right or clauses), None)


def _is_shifted(token: Token) -> bool:
    """Whether the verb differs in tense from the one it is coordinated with."""
    head = token.head
    return head.tag_ != token.tag_ or any(c.dep_ in ("aux", "auxpass") for c in head.children)


def _is_perfect(verb: Token) -> bool:
    """ "Had called", which may go on with "and criticized", its form being that of the past."""
    return verb.tag_ == "VBN" and any(c.lower_ in ("has", "have", "had") for c in verb.children)
