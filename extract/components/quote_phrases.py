"""What is reported in less than a clause: what to do, what somebody is called, what was denied."""

from extract.components.quote_borders import Borders, Reported, has_verb, has_words
from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Run
from extract.components.quote_mentions import mention
from extract.components.tree import Token

_COMPLEMENTS = frozenset(
    {"ccomp", "xcomp", "dobj", "oprd", "attr", "prep", "dative", "acomp", "pcomp", "advcl", "conj", "dep"}
)
_LABELLED = frozenset({"dobj", "oprd", "ccomp", "acomp", "prep", "nsubj"})
_CHARGING = frozenset({"of", "for", "with"})
_EMPTY = frozenset(
    {"same", "much", "thing", "things", "word", "words", "goodbye", "thanks", "yes", "no", "so", "story"}
)


class Phrases:
    """The phrases that the cues of a layout report."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self.layout = borders.layout
        pairs = zip(self.layout.marked, self.layout.passages, strict=True)
        self._spoken = [marked for marked, passage in pairs if not passage.is_title]

    def infinitive(self, cue: Cue, token: Token) -> Reported | None:
        """ "They promised to stop"; "she urged them to stop"."""
        assert cue.verb is not None
        clause = next((c for c in token.rights if c.dep_ == "xcomp"), None)
        if clause is None or not any(c.lower_ == "to" and c.dep_ == "aux" for c in clause.children):
            return None
        if "infinitive" in cue.verb.frames:
            run = self.borders.from_here(cue, clause.left_edge.i, clause)
            return self.borders.reported([run], "infinitive", 0.75)
        if "order" in cue.verb.frames:
            return self.borders.reported([self.borders.from_here(cue, cue.run.end, clause)], "order", 0.75)
        return None

    def _passive(self, cue: Cue, token: Token) -> Reported | None:
        """ "The firm was accused of theft", "the model is said to lie": who, and what is said of them."""
        assert cue.verb is not None
        whom = next((c for c in token.lefts if c.dep_ == "nsubjpass"), None)
        what = next((c for c in token.rights if self._is_said_of(cue, c)), None)
        if whom is None or what is None or not any(c.dep_ == "auxpass" for c in token.children):
            return None
        start = what.i + 1 if what.dep_ == "prep" and what.lower_ != "as" else what.left_edge.i
        agent = next((c.i for c in token.subtree if c.lower_ == "by" and c.i > start and c.dep_ == "agent"), None)
        run = self.borders.from_here(cue, start, what)
        run = Run(start, min(run.end, agent or run.end))
        return self.borders.reported([mention(self.layout, whom), run], "passive", 0.6)

    def _is_said_of(self, cue: Cue, part: Token) -> bool:
        assert cue.verb is not None
        frames = cue.verb.frames
        if part.lower_ == "as":
            return "label" in frames and not any(c.lower_ in cue_table().persons for c in part.children)
        if part.dep_ == "prep":
            return "speech" not in frames and part.lower_ in cue.verb.prepositions & _CHARGING
        is_infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in part.children)
        return part.dep_ == "xcomp" and is_infinitive and frames >= {"clause", "speech"} and "order" not in frames

    def _label(self, cue: Cue, token: Token) -> Reported | None:
        """ "They called it a failure", "she described them as guests": whom, and what they are called."""
        assert cue.verb is not None
        if "label" not in cue.verb.frames:
            return None
        parts = [c for c in token.rights if c.dep_ in _LABELLED and c.left_edge.i >= cue.run.end]
        second = next((c for c in parts if c.dep_ in ("oprd", "ccomp", "acomp") or c.lower_ == "as"), None)
        if second is None or parts[0] is second or has_verb(self.layout, Run(second.left_edge.i, second.i + 1)):
            return None
        start = parts[0].i + 1 if parts[0].lower_ in cue.verb.prepositions else parts[0].left_edge.i
        end = second.right_edge.i + 1
        for other in token.rights:
            if other.dep_ == "prep" and other.left_edge.i == end:
                end = other.right_edge.i + 1  # "a gift to a firm", the "to" given to "called"
        return self.borders.reported([self.borders.cut(cue, Run(start, end))], "label", 0.65)

    def phrase(self, cue: Cue, token: Token) -> Reported | None:
        """A phrase: with marks in it whatever it is; without, what the verb's frames name."""
        assert cue.verb is not None
        parts = [c for c in token.rights if c.dep_ in _COMPLEMENTS and c.left_edge.i >= cue.run.end]
        parts = [
            c for c in parts if c.dep_ not in ("conj", "advcl") or (c.i not in self.borders.cues and self._has_marks(c))
        ]
        if cue.is_passive:
            return self._passive(cue, token)
        if not parts:
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
        run = self.borders.cut(cue, run)
        if any(run.meets(marked) for marked in self._spoken):
            if any(c.dep_ == "dobj" and _is_owned_claim(c) for c in parts):
                return None
            if cue.verb.frames == {"speech"} and named is None:
                return None
            if not has_words(self.layout, run, 2):
                return None
            return self.borders.reported([*self.borders.relative(cue, None), run], "marked-phrase", 0.7)
        if token.tag_ not in ("VBD", "VBZ", "VBP", "VBN", "VBG") or (
            token.tag_ == "VBG" and token.dep_ in ("acl", "pcomp")
        ):
            return None
        return self._label(cue, token) or self._bare_phrase(cue, token, named)

    def _bare_phrase(self, cue: Cue, token: Token, named: Token | None) -> Reported | None:
        """The object or the prepositional phrase that the verb's frames name."""
        assert cue.verb is not None
        noun = next((c for c in token.rights if c.dep_ == "dobj"), None)
        if noun is not None and noun.left_edge.lower_ == "that" and self._has_verb_behind(noun):
            run = Run(noun.left_edge.i, self.layout.sentence(cue.i).end)
            return self.borders.reported([self.borders.cut(cue, run)], "clause-guessed", 0.6)
        if noun is not None and ("object" in cue.verb.frames or named is not None):
            end = noun.right_edge.i + 1
            if named is not None and named.left_edge.i >= end:
                end = named.right_edge.i + 1
            return self.borders.reported([self.borders.cut(cue, Run(noun.left_edge.i, end))], "object", 0.5)
        if (
            noun is not None
            and cue.verb.frames >= {"clause", "speech"}
            and noun.lower_ not in _EMPTY
            and noun.pos_ != "PRON"
        ):
            run = Run(cue.run.end, self.layout.sentence(cue.i).end)  # a clause that the parser took for an object
            verb = Run(noun.right_edge.i + 1, min(noun.right_edge.i + 2, run.end))
            return (
                self.borders.reported([self.borders.cut(cue, run)], "clause-guessed", 0.5)
                if has_verb(self.layout, verb)
                else None
            )
        if named is not None and has_words(self.layout, Run(named.i + 1, named.right_edge.i + 1), 2):
            return self.borders.reported(
                [self.borders.cut(cue, Run(named.i + 1, named.right_edge.i + 1))], "prepositional-phrase", 0.5
            )
        return None

    def _has_verb_behind(self, noun: Token) -> bool:
        return has_verb(self.layout, Run(noun.right_edge.i + 1, self.layout.sentence(noun.i).end))

    def _has_marks(self, token: Token) -> bool:
        run = Run(token.left_edge.i, token.right_edge.i + 1)
        return any(run.meets(marked) for marked in self._spoken)


def _is_owned_claim(noun: Token) -> bool:
    """ "Somebody's claim that …", whose words are theirs, not those of who rejects it."""
    has_owner = any(c.dep_ == "poss" for c in noun.children)
    return (
        has_owner
        and noun.lower_ in cue_table().nouns
        and any(c.dep_ in ("acl", "ccomp", "relcl") for c in noun.children)
    )
