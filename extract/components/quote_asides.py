"""What stands around an attribution that is put into or behind its statement: "they stopped, she said, in May"."""

from extract.components.quote_borders import COMMAS, SUBJECTS, Borders, Reported, has_verb
from extract.components.quote_cues import Cue
from extract.components.quote_layout import Run
from extract.components.quote_mentions import mention, subject
from extract.components.tree import Token

_GOING_ON = frozenset({"because", "since", "unless", "if", "whether", "including", "that", "even"})


class Asides:
    """The attributions of a layout that stand aside from the clause that they are for."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self.layout = borders.layout

    def inserted(self, cue: Cue, token: Token) -> Reported | None:
        """ "They stopped, she said, in May"; "as she said, they stopped"."""
        assert cue.verb is not None
        if "clause" not in cue.verb.frames or not any(c.dep_ == "nsubj" for c in token.children):
            return None
        if token.dep_ in ("parataxis", "ccomp", "dep") and self._is_between_commas(token):
            return self.borders.reported(self.around(cue, None), "parenthesis", 0.75)
        if (
            token.dep_ == "advcl"
            and any(c.lower_ == "as" and c.dep_ in ("mark", "advmod") for c in token.children)
            and not any(c.dep_ in ("dobj", "ccomp", "xcomp") for c in token.children)
        ):
            return self.borders.reported(self.around(cue, None), "as-clause", 0.6)
        return None

    def _is_between_commas(self, token: Token) -> bool:
        start = next(t.i for t in token.subtree if not t.is_punct and not t.is_space)
        return start > 0 and self.layout.tokens[start - 1].text in COMMAS

    def around(self, cue: Cue, clause: Token | None) -> list[Run]:
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
        if below and any(
            i in self.borders.cues and self.borders.has_subject(i) for i in range(sentence.start, min(below))
        ):
            left = Run(max(sentence.start, min(below)), start)
        right = Run(end, min(sentence.end, max(below) + 1 if below and not self._resumes(end) else sentence.end))
        return [left, self.borders.cut(cue, right)]

    def _resumes(self, i: int) -> bool:
        """Whether the statement goes on behind the attribution: ", and had passed every test", ", to cut costs"."""
        tokens = self.layout.tokens[i : i + 6]
        if not tokens or tokens[0].text not in COMMAS:
            return False
        words = [t for t in tokens[1:] if t.pos_ != "ADV"]
        if not words or words[0].tag_ != "CC":
            return bool(words) and (words[0].tag_ == "TO" or words[0].lower_ in _GOING_ON)
        if words[1:] and words[1].dep_ in SUBJECTS and words[1].head.tag_[0] == "V":
            return words[1].head.i not in self.borders.cues
        verb = next((t for t in words if t.dep_ == "conj" and t.tag_[0] == "V"), None)
        return (
            verb is not None
            and verb.i not in self.borders.cues
            and any(c.dep_ in ("aux", *SUBJECTS) for c in verb.children)
        )

    def according(self, cue: Cue) -> list[Run]:
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
        if end < sentence.end and tokens[end].text not in COMMAS and head.dep_ != "pcomp":
            for i in range(end, min(head.right_edge.i + 1, sentence.end)):
                end = i + 1
                if tokens[i].text in COMMAS:
                    break
        before, behind = Run(sentence.start, cue.i), Run(min(end, sentence.end), sentence.end)
        opening = [
            t for t in tokens[before.start : before.end] if t.pos_ not in ("CCONJ", "ADV", "PUNCT", "SPACE", "SCONJ")
        ]
        if not opening:
            return [behind]
        last = tokens[cue.i - 1] if tokens[cue.i - 1].text not in COMMAS else tokens[cue.i - 2]
        if (last.pos_ in ("CCONJ", "SCONJ") or last.tag_ == "WDT" or last.text == ":") and len(behind) > 3:
            return [behind]
        before = self._last_clause(before)
        if tokens[min(behind.start, sentence.end - 1)].text not in COMMAS or not has_verb(self.layout, behind):
            return [before]  # what follows tells more of the speaker
        return [before, behind]

    def _last_clause(self, before: Run) -> Run:
        """What stands before "according to", without another statement before a colon or a bracket that is open."""
        tokens = self.layout.tokens
        for i in range(before.end - 2, before.start, -1):
            if self.layout.inside[i] < 0 and tokens[i].text in (":", "(", ";"):
                closed = tokens[i].text == "(" and any(t.text == ")" for t in tokens[i : before.end])
                if not closed and has_verb(self.layout, Run(i, before.end)):
                    return Run(i + 1, before.end)
        return before


def _adjoins(clause: Token) -> bool:
    """Whether no comma parts an adverbial clause from what stands before it."""
    return clause.left_edge.i > 0 and clause.left_edge.nbor(-1).text not in COMMAS
