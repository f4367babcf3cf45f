"""The clause that a cue reports: complements, what stands around "she said", what "according to" belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import mention, subject

_COMPLEMENTS = frozenset(
    {"ccomp", "xcomp", "dobj", "oprd", "attr", "prep", "dative", "acomp", "pcomp", "advcl", "conj", "dep"}
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_WITHHOLDING = frozenset({"declined", "declines", "declining", "refused", "refuses", "refusing", "failed", "unable"})
_EMPTY = frozenset(
    {"same", "much", "thing", "things", "word", "words", "goodbye", "thanks", "yes", "no", "so", "story"}
)
_GOING_ON = frozenset(
    {"went", "goes", "going", "gone", "continued", "continues", "began", "begins", "appeared", "seemed"}
)
_DAYS = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "week", "weekend", "month", "year",
     "morning", "afternoon", "evening", "night", "today", "yesterday"}
)  # fmt: skip
_THEN = frozenset({"before", "after", "while", "without"})
_ATTACHED = frozenset({"advcl", "acl", "conj", "ccomp", "dep"})
_COMMAS = frozenset({",", "—", "–", "--", "-", "(", ";"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a cue reports."""

    runs: tuple[Run, ...]
    rule: str
    confidence: float


class Clauses:
    """What the cues of a layout report without being in marks as a whole."""

    def __init__(self, layout: Layout, cues: list[Cue]) -> None:
        self.layout = layout
        self.cues: Mapping[int, Cue] = {cue.i: cue for cue in cues}
        self._spoken = [m for m, p in zip(layout.marked, layout.passages, strict=True) if not p.is_title]

    def reported(self, cue: Cue) -> Reported | None:
        """The words that the cue reports, with or without marks in them; ``None`` if it reports nothing."""
        if cue.verb is None:
            return self._found(self._around_according(cue), "according-to", 0.85)
        token = self.layout.tokens[cue.i]
        if token.tag_[0] != "V" or _is_doubtful(token):
            return None
        return (
            self._clause(cue, token)
            or self._inserted(cue, token)
            or self._infinitive(cue, token)
            or self._phrase(cue, token)
        )

    def _found(self, runs: list[Run], rule: str, confidence: float) -> Reported | None:
        kept = tuple(t for run in runs if len(t := self.layout.trimmed(self.layout.whole(run))))
        return Reported(runs=kept, rule=rule, confidence=confidence) if kept else None

    # -- clauses -------------------------------------------------------------------------------------------------

    def _clause(self, cue: Cue, token: Token) -> Reported | None:
        """ "She said (that) they stopped"; "they stopped, she said"."""
        assert cue.verb is not None
        frames = cue.verb.frames
        clause = _complement(token)
        if clause is None or not frames & {"clause", "question", "document", "order"}:
            return None
        if not frames & {"clause", "question", "order"} and not self._is_of_finder(cue):
            return None
        if clause.i < token.i:
            return self._found(self._around(cue, clause), "parenthesis", 0.8)
        if "clause" in frames or "question" in frames or "document" in frames:
            return self._found([self._to_the_right(cue, clause)], "clause", 0.85)
        return self._found([self._cut(cue, Run(cue.run.end, clause.right_edge.i + 1))], "order", 0.75)

    def _is_of_finder(self, cue: Cue) -> bool:
        """Whether a document speaks, or somebody whose business it is to find."""
        head = subject(self.layout, cue)
        if head is not None and head.lower_ in ("who", "which", "that") and head.head.dep_ == "relcl":
            head = head.head.head
        table = cue_table()
        if head is None:
            return False
        return (
            head.lower_ in table.documents
            or head.lower_ in table.finders
            or head.lower_ == "it"
            or head.ent_type_ == "ORG"
        )

    def _to_the_right(self, cue: Cue, clause: Token) -> Run:
        sentence = self.layout.sentence(cue.i)
        start = self._behind_date(max(clause.left_edge.i, cue.run.end))
        end = clause.right_edge.i + 1
        for other in self.layout.tokens[cue.i].rights:
            if (
                other.dep_ == "conj"
                and other.i >= end
                and other.i not in self.cues
                and any(c.dep_ in _SUBJECTS for c in other.children)
            ):
                end = other.right_edge.i + 1
        if end < sentence.end and self.layout.tokens[end].is_sent_start:
            end = sentence.end  # the parser broke off, the sentence did not
        if end < sentence.end and self.layout.tokens[end].text in ("-", "—", "–", "--", ":"):
            end = sentence.end
        return self._cut(cue, Run(start, min(end, sentence.end)))

    def _behind_date(self, i: int) -> int:
        """Where the clause begins behind the day on which it was said: "said Monday he would go"."""
        start = i
        if self.layout.tokens[i].lower_ == "on" and self.layout.tokens[i + 1].ent_type_ == "DATE":
            i += 1
        while self.layout.tokens[i].ent_type_ in ("DATE", "TIME") and i < start + 4:
            i += 1
        words = self.layout.tokens[i - 1].lower_ if i > start else ""
        return i if words in _DAYS and self.layout.tokens[i].tag_[0] != "V" else start

    def _cut(self, cue: Cue, run: Run) -> Run:
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
            return at if before.text in _COMMAS else None
        has_subject = any(c.dep_ in _SUBJECTS for c in token.children)
        if token.dep_ == "conj" and token.head.i == cue.i and (other is not None or not has_subject):
            joint = next((c.i for c in tokens[cue.i].rights if c.dep_ == "cc" and c.i < i), None)
            return joint if joint is not None and joint > run.start else None
        if has_subject:
            return None
        if other is not None and token.tag_ == "VBG" and token.dep_ == "pcomp" and before.lower_ in _THEN:
            return at
        if other is not None and token.tag_ == "VBG" and before.text in _COMMAS and token.dep_ in _ATTACHED:
            return at
        if token.tag_ != tokens[cue.i].tag_ or before.dep_ != "cc" or token.dep_ != "conj":
            return None
        if other is not None and _complement(token) is not None:
            return at
        has_comma = tokens[at - 1].text in _COMMAS
        is_joined = _is_shifted(token) or has_comma if other is not None else _is_shifted(token) and has_comma
        return at if is_joined else None

    def _inserted(self, cue: Cue, token: Token) -> Reported | None:
        """ "They stopped, she said, in May"; "as she said, they stopped"."""
        assert cue.verb is not None
        if "clause" not in cue.verb.frames or not any(c.dep_ == "nsubj" for c in token.children):
            return None
        if token.dep_ in ("parataxis", "ccomp", "dep") and self._is_between_commas(token):
            return self._found(self._around(cue, None), "parenthesis", 0.75)
        if (
            token.dep_ == "advcl"
            and any(c.lower_ == "as" and c.dep_ in ("mark", "advmod") for c in token.children)
            and not any(c.dep_ in ("dobj", "ccomp", "xcomp") for c in token.children)
        ):
            return self._found(self._around(cue, None), "as-clause", 0.6)
        return None

    def _is_between_commas(self, token: Token) -> bool:
        start = next(t.i for t in token.subtree if not t.is_punct and not t.is_space)
        return start > 0 and self.layout.tokens[start - 1].text in _COMMAS

    def _around(self, cue: Cue, clause: Token | None) -> list[Run]:
        """What stands before and behind a "she said" that is put behind or into its clause."""
        sentence = self.layout.sentence(cue.i)
        below = {t.i for t in clause.subtree} if clause is not None else set()
        if clause is not None:  # "they hid it when they could, she said": the parser gives the "when" to "said"
            said = next((c.i for c in self.layout.tokens[cue.i].lefts if c.dep_ == "nsubj"), cue.i)
            below |= {
                t.i
                for c in clause.head.lefts
                if c.dep_ == "advcl" and clause.i < c.i < said and _adjoins(c)
                for t in c.subtree
            }
        own = {t.i for t in self.layout.tokens[cue.i].subtree} - below
        start, end = cue.run.start, cue.run.end
        while start - 1 in own and start > sentence.start:
            start -= 1
        while end in own and end < sentence.end:
            end += 1
        left = Run(sentence.start, start)
        if below and any(i in self.cues and self._has_subject(i) for i in range(sentence.start, min(below))):
            left = Run(max(sentence.start, min(below)), start)
        right = Run(end, min(sentence.end, max(below) + 1 if below and not self._resumes(end) else sentence.end))
        return [left, self._cut(cue, right)]

    def _resumes(self, i: int) -> bool:
        """Whether the statement goes on behind the attribution: ", and had passed every test", ", to cut costs"."""
        tokens = self.layout.tokens[i : i + 6]
        if not tokens or tokens[0].text not in _COMMAS:
            return False
        words = [t for t in tokens[1:] if t.pos_ != "ADV"]
        if not words or words[0].tag_ != "CC":
            return bool(words) and words[0].tag_ == "TO"
        verb = next((t for t in words if t.dep_ == "conj" and t.tag_[0] == "V"), None)
        return (
            verb is not None and verb.i not in self.cues and any(c.dep_ in ("aux", *_SUBJECTS) for c in verb.children)
        )

    def _has_subject(self, i: int) -> bool:
        return any(c.dep_ in _SUBJECTS for c in self.layout.tokens[i].children)

    def _around_according(self, cue: Cue) -> list[Run]:
        sentence = self.layout.sentence(cue.i)
        head = subject(self.layout, cue)
        if head is None:
            return []
        end = max(mention(self.layout, head).end, head.i + 1)
        tokens = self.layout.tokens
        told = next((c for c in head.rights if c.dep_ == "relcl" and c.left_edge.i == end + 1), None)
        if told is not None and tokens[end].text == ",":
            end = told.right_edge.i + 1
        elif end + 1 < sentence.end and tokens[end].text == "," and tokens[end + 1].tag_ == "VBG":
            end = next((i for i in range(end + 1, sentence.end) if tokens[i].text == ","), end)
        if end < sentence.end and tokens[end].text not in _COMMAS:
            for i in range(end, min(head.right_edge.i + 1, sentence.end)):
                end = i + 1
                if tokens[i].text in _COMMAS:
                    break
        before, behind = Run(sentence.start, cue.i), Run(min(end, sentence.end), sentence.end)
        opening = [
            t for t in tokens[before.start : before.end] if t.pos_ not in ("CCONJ", "ADV", "PUNCT", "SPACE", "SCONJ")
        ]
        if not opening:
            return [behind]
        if tokens[cue.i - 1].pos_ in ("CCONJ", "SCONJ") and len(behind) > 3:
            return [behind]
        if tokens[min(behind.start, sentence.end - 1)].text not in _COMMAS or not _has_verb(self.layout, behind):
            return [before]  # what follows tells more of the speaker
        return [before, behind]

    # -- less than a clause --------------------------------------------------------------------------------------

    def _infinitive(self, cue: Cue, token: Token) -> Reported | None:
        """ "They promised to stop"; "she urged them to stop"."""
        assert cue.verb is not None
        clause = next((c for c in token.rights if c.dep_ == "xcomp"), None)
        if clause is None or not any(c.lower_ == "to" and c.dep_ == "aux" for c in clause.children):
            return None
        if "infinitive" in cue.verb.frames:
            return self._found([self._cut(cue, Run(clause.left_edge.i, clause.right_edge.i + 1))], "infinitive", 0.75)
        if "order" in cue.verb.frames:
            return self._found([self._cut(cue, Run(cue.run.end, clause.right_edge.i + 1))], "order", 0.75)
        return None

    def _phrase(self, cue: Cue, token: Token) -> Reported | None:
        """A phrase: with marks in it whatever it is; without, what the verb's frames name."""
        assert cue.verb is not None
        parts = [c for c in token.rights if c.dep_ in _COMPLEMENTS and c.left_edge.i >= cue.run.end]
        parts = [c for c in parts if c.dep_ not in ("conj", "advcl") or (c.i not in self.cues and self._has_marks(c))]
        if cue.is_passive or not parts:
            return None
        named = next((c for c in parts if c.dep_ == "prep" and c.lower_ in cue.verb.prepositions), None)
        sentence = self.layout.sentence(cue.i)
        run = Run(min(c.left_edge.i for c in parts), min(max(c.right_edge.i for c in parts) + 1, sentence.end))
        if (
            that := next((i for i in range(run.start, run.end) if self.layout.tokens[i].lower_ == "that"), None)
        ) is not None:
            run = Run(that, run.end) if self.layout.tokens[that].dep_ == "mark" else run
        if named is not None and named.i == run.start:
            run = Run(named.i + 1, run.end)
        run = self._cut(cue, run)
        if any(run.meets(marked) for marked in self._spoken):
            if any(c.dep_ == "dobj" and _is_owned_claim(c) for c in parts):
                return None
            if cue.verb.frames == {"speech"} and named is None:
                return None
            return self._found([run], "marked-phrase", 0.7) if _has_words(self.layout, run, 2) else None
        if token.tag_ not in ("VBD", "VBZ", "VBP", "VBN", "VBG") or (
            token.tag_ == "VBG" and token.dep_ in ("acl", "pcomp")
        ):
            return None
        return self._bare_phrase(cue, token, named)

    def _bare_phrase(self, cue: Cue, token: Token, named: Token | None) -> Reported | None:
        """The object or the prepositional phrase that the verb's frames name."""
        assert cue.verb is not None
        noun = next((c for c in token.rights if c.dep_ == "dobj"), None)
        if noun is not None and noun.left_edge.lower_ == "that" and self._has_verb_behind(noun):
            run = Run(noun.left_edge.i, self.layout.sentence(cue.i).end)
            return self._found([self._cut(cue, run)], "clause-guessed", 0.6)
        if noun is not None and ("object" in cue.verb.frames or named is not None):
            end = noun.right_edge.i + 1
            if named is not None and named.left_edge.i >= end:
                end = named.right_edge.i + 1
            return self._found([self._cut(cue, Run(noun.left_edge.i, end))], "object", 0.5)
        if (
            noun is not None
            and cue.verb.frames >= {"clause", "speech"}
            and noun.lower_ not in _EMPTY
            and noun.pos_ != "PRON"
        ):
            run = Run(cue.run.end, self.layout.sentence(cue.i).end)  # a clause that the parser took for an object
            verb = Run(noun.right_edge.i + 1, min(noun.right_edge.i + 2, run.end))
            return self._found([self._cut(cue, run)], "clause-guessed", 0.5) if _has_verb(self.layout, verb) else None
        if named is not None and _has_words(self.layout, Run(named.i + 1, named.right_edge.i + 1), 2):
            return self._found([self._cut(cue, Run(named.i + 1, named.right_edge.i + 1))], "prepositional-phrase", 0.5)
        return None

    def _has_verb_behind(self, noun: Token) -> bool:
        return _has_verb(self.layout, Run(noun.right_edge.i + 1, self.layout.sentence(noun.i).end))

    def _has_marks(self, token: Token) -> bool:
        run = Run(token.left_edge.i, token.right_edge.i + 1)
        return any(run.meets(marked) for marked in self._spoken)


def _is_doubtful(token: Token) -> bool:
    """Negated, possible, wanted, or under an "if": nobody is reported to have said it."""
    if token.dep_ in ("amod", "compound") or token.head.lower_ in _WITHHOLDING:
        return True
    is_infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
    if is_infinitive and token.head.lower_ not in _GOING_ON:
        return True
    return any(
        c.dep_ == "neg"
        or (c.dep_ == "mark" and c.lower_ in ("if", "unless"))
        or (c.dep_ == "aux" and c.lower_ in ("may", "might", "could", "can", "should", "must"))
        for c in token.children
    )


def _has_words(layout: Layout, run: Run, fewest: int) -> bool:
    return sum(1 for t in layout.tokens[run.start : run.end] if not t.is_punct and not t.is_space) >= fewest


def _has_verb(layout: Layout, run: Run) -> bool:
    return any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in layout.tokens[run.start : run.end])


def _is_owned_claim(noun: Token) -> bool:
    """ "Somebody's claim that …", whose words are theirs, not those of who rejects it."""
    has_owner = any(c.dep_ == "poss" for c in noun.children)
    return (
        has_owner
        and noun.lower_ in cue_table().nouns
        and any(c.dep_ in ("acl", "ccomp", "relcl") for c in noun.children)
    )


def _adjoins(clause: Token) -> bool:
    """Whether no comma parts an adverbial clause from what stands before it."""
    return clause.left_edge.i > 0 and clause.left_edge.nbor(-1).text not in _COMMAS


def _is_relative(clause: Token) -> bool:
    """ "(reported delays) that lasted two hours": the clause of a noun, taken for what was said."""
    return any(c.lower_ == "that" and c.dep_ == "nsubj" and c.tag_ == "WDT" for c in clause.children)


def _complement(token: Token) -> Token | None:
    """The clause that the parser gives the verb, rather one behind it than one before it."""
    clauses = [c for c in token.children if c.dep_ == "ccomp" and not _is_relative(c)]
    right = [c for c in clauses if c.i > token.i]
    return next(iter(right or clauses), None)


def _is_shifted(token: Token) -> bool:
    """Whether the verb differs in tense from the one it is coordinated with."""
    head = token.head
    return head.tag_ != token.tag_ or any(c.dep_ in ("aux", "auxpass") for c in head.children)
