"""The clause that a cue reports, or what stands for one."""

from spacy.tokens import Token

from extract.components.quote_asides import Asides
from extract.components.quote_borders import SUBJECTS, Borders, Reported, complement
from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import subject
from extract.components.quote_phrases import Phrases

_WITHHOLDING = frozenset({"declined", "declines", "declining", "refused", "refuses", "refusing", "failed", "unable"})
_GOING_ON = frozenset(
    {"went", "goes", "going", "gone", "continued", "continues", "began", "begins", "appeared", "seemed"}
)


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
            or self.asides.inserted(cue, token)
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
            return self.borders.reported([self._to_the_right(cue, clause)], "clause", 0.85)
        return self.borders.reported([self.borders.cut(cue, Run(cue.run.end, clause.right_edge.i + 1))], "order", 0.75)

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
        start = self.borders.behind_date(max(clause.left_edge.i, cue.run.end))
        end = clause.right_edge.i + 1
        for other in self.layout.tokens[cue.i].rights:
            if (
                other.dep_ == "conj"
                and other.i >= end
                and other.i not in self.borders.cues
                and any(c.dep_ in SUBJECTS for c in other.children)
            ):
                end = other.right_edge.i + 1
        if end < sentence.end and self.layout.tokens[end].is_sent_start:
            end = sentence.end  # the parser broke off, the sentence did not
        if end < sentence.end and self.layout.tokens[end].text in ("-", "—", "–", "--", ":"):
            end = sentence.end
        return self.borders.cut(cue, Run(start, min(end, sentence.end)))


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
