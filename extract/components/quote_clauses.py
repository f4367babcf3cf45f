"""The clause that a cue reports, or what stands for one."""

from extract.components.quote_asides import Asides
from extract.components.quote_borders import FINITE, SUBJECTS, TOLD, Borders, Reported, complement, has_verb
from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import subject
from extract.components.quote_phrases import Phrases
from extract.components.tree import Token

_GOING_ON = frozenset(
    {
        "went",
        "goes",
        "going",
        "gone",
        "continued",
        "continues",
        "began",
        "begins",
        "appeared",
        "seemed",
        "continue",
        "continuing",
        "proceeded",
        "quick",
    }
)

_ASKING = frozenset({"whether", "if", "why", "how"})
_REACH = 20  # words from the cue to its "that"


class Clauses:
    """What the cues of a layout report without being in marks as a whole."""

    def __init__(self, layout: Layout, cues: list[Cue]) -> None:
        self.layout = layout
        self.borders = Borders(layout, cues)
        self.asides = Asides(self.borders)
        self.phrases = Phrases(self.borders)

    def reported(self, cue: Cue) -> Reported | None:
        """The words that the cue reports, with or without marks in them; ``None`` if it reports nothing."""
        if cue.verb is None:
            return self.borders.reported(self.asides.according(cue), "according-to", 0.85)
        token = self.layout.tokens[cue.i]
        if token.tag_[0] != "V" or _is_doubtful(token):
            return None
        return (
            self._clause(cue, token)
            or self._that_clause(cue)
            or self._question(cue)
            or self.asides.inserted(cue, token)
            or self._gerund(cue, token)
            or self._adjacent(cue, token)
            or self.phrases.infinitive(cue, token)
            or self.phrases.phrase(cue, token)
        )

    def _clause(self, cue: Cue, token: Token) -> Reported | None:
        """ "She said (that) they stopped"; "they stopped, she said"."""
        assert cue.verb is not None
        frames = cue.verb.frames
        clause = complement(token)
        if clause is None or not frames & {"clause", "question", "document", "order"}:
            return None
        if not frames & {"clause", "question", "order"} and not self._is_of_finder(cue):
            return None
        if clause.i < token.i:
            return self.borders.reported(self.asides.around(cue, clause), "parenthesis", 0.8)
        if "clause" in frames or "question" in frames or "document" in frames:
            runs = [*self.borders.relative(cue, clause), self.borders.to_the_right(cue, clause)]
            return self.borders.reported(runs, "clause", 0.85)
        return self.borders.reported([self.borders.from_here(cue, cue.run.end, clause)], "order", 0.75)

    def _that_clause(self, cue: Cue) -> Reported | None:
        """ "She told a meeting of growers that they had stopped", the clause given to another word by the parser."""
        assert cue.verb is not None
        start = self._that_behind(cue)
        if start is None or "clause" not in cue.verb.frames:
            return None
        run = Run(start, self.layout.sentence(cue.i).end)
        return self.borders.reported([self.borders.cut(cue, run)], "that-clause", 0.75)

    def _that_behind(self, cue: Cue) -> int | None:
        """Where a "that" stands behind the cue with a clause behind it and none before."""
        tokens = self.layout.tokens
        end = self.layout.sentence(cue.i).end
        for i in range(cue.run.end, min(end - 1, cue.run.end + _REACH)):
            token = tokens[i]
            is_over = token.tag_ in (*FINITE, "TO") or i in self.borders.cues or token.text in (":", ";")
            if is_over or self.layout.inside[i] >= 0:
                return None
            if token.lower_ == "that":
                is_clause = token.tag_ != "DT" and token.dep_ != "det" and tokens[i + 1].tag_ not in (*FINITE, "TO")
                return i if is_clause and self._can_reach(cue, i) and has_verb(self.layout, Run(i + 1, end)) else None
        return None

    def _can_reach(self, cue: Cue, that: int) -> bool:
        """Whether what stands between cue and "that" is whom it was told, or where, when and how."""
        first, last = self.layout.tokens[cue.run.end], self.layout.tokens[that - 1]
        if first.i == that:
            return True
        if last.lower_ in cue_table().nouns and not self._is_medium(last):
            return False
        if first.lower_ == "to" and last.pos_ == "NOUN" and last.tag_ == "NN" and not self._is_medium(last):
            return False
        is_told = (cue.verb is not None and "order" in cue.verb.frames) or self.layout.tokens[cue.i].lower_ in TOLD
        return is_told or first.pos_ in ("ADP", "ADV", "PUNCT", "SCONJ")

    def _is_medium(self, noun: Token) -> bool:
        """Whether it is in what somebody speaks: "in a statement", not "to the claim"."""
        return any(t.lower_ == "in" for t in self.layout.tokens[max(0, noun.i - 3) : noun.i])

    def _question(self, cue: Cue) -> Reported | None:
        """ "They asked the firm whether it had stopped", the clause given to another word by the parser."""
        assert cue.verb is not None
        if "question" not in cue.verb.frames:
            return None
        tokens, end = self.layout.tokens, self.layout.sentence(cue.i).end
        for i in range(cue.run.end, min(end, cue.run.end + _REACH)):
            is_over = tokens[i].tag_ in (*FINITE, "TO") or i in self.borders.cues or tokens[i].text in (":", ";", ",")
            if is_over or self.layout.inside[i] >= 0:
                return None
            if tokens[i].lower_ in _ASKING and has_verb(self.layout, Run(i + 1, end)):
                stop = next((n for n in range(i, end) if tokens[n].text == ","), end) if cue.is_passive else end
                return self.borders.reported([self.borders.cut(cue, Run(i, stop))], "question", 0.7)
        return None

    def _gerund(self, cue: Cue, token: Token) -> Reported | None:
        """ "She said taking it apart would help", the clause taken for less; "they denied taking it apart"."""
        assert cue.verb is not None
        what = next((c for c in token.rights if c.dep_ in ("xcomp", "ccomp") and c.tag_ == "VBG"), None)
        if what is None or what.left_edge.i != cue.run.end or what.left_edge.tag_ != "VBG":
            return None
        end = self.layout.sentence(cue.i).end
        frames = cue.verb.frames
        if frames >= {"clause", "speech"} and any(_is_main(t) for t in self.layout.tokens[what.i + 2 : end]):
            run = self.borders.cut(cue, Run(what.i, end))
            return self.borders.reported([run], "clause-guessed", 0.6)
        if "object" not in frames or cue.is_passive:
            return None
        return self.borders.reported([self.borders.from_here(cue, what.i, what)], "gerund", 0.65)

    def _adjacent(self, cue: Cue, token: Token) -> Reported | None:
        """A clause right behind the cue that the parser gave to another word."""
        assert cue.verb is not None
        if cue.is_passive or not cue.verb.frames >= {"clause", "speech"} or "order" in cue.verb.frames:
            return None
        for part in self.layout.tokens[cue.run.end : cue.run.end + 8]:
            verb = part.head
            if part.dep_ in SUBJECTS and part.left_edge.i == cue.run.end and verb.i > part.i:
                if token.is_ancestor(verb) or not _is_in_tense(verb):
                    return None
                run = Run(cue.run.end, min(verb.right_edge.i + 1, self.layout.sentence(cue.i).end))
                return self.borders.reported([self.borders.cut(cue, run)], "clause-guessed", 0.6)
        return None

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


def _is_done(infinitive: Token) -> bool:
    """Whether somebody did something to say it: "she went online to say", not "she hoped to say"."""
    head = infinitive.head
    is_fact = head.tag_ in ("VBD", "VBZ") and not any(c.dep_ in ("neg", "aux", "mark") for c in head.children)
    return infinitive.dep_ == "advcl" and is_fact and infinitive.i > head.i


def _is_in_tense(verb: Token) -> bool:
    return verb.tag_ in FINITE or any(c.dep_ in ("aux", "auxpass") and c.tag_ in FINITE for c in verb.children)


def _is_main(token: Token) -> bool:
    """Whether it is a verb in a tense, and none of a relative clause or behind an "if"."""
    verb = token.head if token.tag_ == "MD" else token
    return token.tag_ in FINITE and verb.dep_ in ("ROOT", "ccomp", "pcomp", "conj")


def _is_doubtful(token: Token) -> bool:
    """Negated, possible, wanted, or under an "if": nobody is reported to have said it."""
    if token.dep_ in ("amod", "compound"):
        return True
    is_infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
    if is_infinitive and token.head.lower_ not in _GOING_ON and not _is_done(token):
        return True
    return any(
        c.dep_ == "neg"
        or (c.dep_ == "mark" and c.lower_ in ("if", "unless"))
        or (c.dep_ == "aux" and c.lower_ in ("may", "might", "could", "can", "should", "must"))
        for c in token.children
    )
