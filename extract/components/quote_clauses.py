"""The clause that a cue reports: complements, what stands around "she said", what "according to" belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.quote_mentions import subject

_WH = frozenset({"whether", "if", "what", "why", "how", "when", "where", "who", "which"})
_COMPLEMENTS = frozenset(
    {"ccomp", "xcomp", "dobj", "oprd", "attr", "prep", "dative", "acomp", "pcomp", "obj", "advcl", "conj", "dep"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a cue reports."""

    runs: tuple[Run, ...]
    rule: str
    confidence: float


def reported(layout: Layout, cue: Cue) -> Reported | None:
    """The words that the cue reports, with or without marks in them; ``None`` if it reports nothing."""
    if cue.verb is None:
        return _found(layout, _around_according(layout, cue), "according-to", 0.85)
    token = layout.tokens[cue.i]
    if token.tag_[0] != "V" or _is_doubtful(token):
        return None
    frames = cue.verb.frames
    if frames & {"clause", "question", "document", "order"} and (clause := _clause(token, cue)) is not None:
        if (
            "clause" not in frames
            and "question" not in frames
            and "order" not in frames
            and not _is_document(layout, cue)
        ):
            return None
        if clause.i > token.i:
            rule = "clause" if "clause" in frames or "question" in frames else "order"
            return _found(layout, [_to_the_right(layout, cue, clause)], rule, 0.85)
        return _found(layout, _around(layout, cue, clause), "parenthesis", 0.8)
    if "clause" in frames and token.dep_ in ("parataxis", "ccomp", "dep") and _is_inserted(layout, cue):
        return _found(layout, _around(layout, cue, token.head), "parenthesis", 0.75)
    if (
        "infinitive" in frames
        and (clause := _child(token, "xcomp")) is not None
        and clause.i > token.i
        and _is_infinitive(clause)
    ):
        return _found(layout, [Run(clause.left_edge.i, clause.right_edge.i + 1)], "infinitive", 0.75)
    if "order" in frames and (clause := _child(token, "xcomp")) is not None and clause.i > token.i:
        return _found(layout, [Run(cue.run.end, clause.right_edge.i + 1)], "order", 0.75)
    return _phrase(layout, cue)


def _found(layout: Layout, runs: list[Run], rule: str, confidence: float) -> Reported | None:
    kept = tuple(t for run in runs if len(t := layout.trimmed(layout.whole(run))))
    return Reported(runs=kept, rule=rule, confidence=confidence) if kept else None


def _is_doubtful(token: Token) -> bool:
    """Negated, or under an "if": nobody is reported to have said it."""
    return any(c.dep_ == "neg" or (c.dep_ == "mark" and c.lower_ in ("if", "unless")) for c in token.children)


def _child(token: Token, *labels: str) -> Token | None:
    return next((c for c in token.children if c.dep_ in labels), None)


def _is_infinitive(token: Token) -> bool:
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)


def _clause(token: Token, cue: Cue) -> Token | None:
    clauses = [c for c in token.children if c.dep_ == "ccomp"]
    right = [c for c in clauses if c.i > token.i]
    return next(iter(right or clauses), None)


def _is_document(layout: Layout, cue: Cue) -> bool:
    head = subject(layout, cue)
    return head is not None and head.lower_ in cue_table().documents


def _is_inserted(layout: Layout, cue: Cue) -> bool:
    """Whether the cue and its subject stand between commas, or at the end behind one."""
    token = layout.tokens[cue.i]
    start = token.left_edge.i
    return start > 0 and layout.tokens[start - 1].text in (",", "—", "–", "--")


def _to_the_right(layout: Layout, cue: Cue, clause: Token) -> Run:
    sentence = layout.sentence(cue.i)
    start = max(clause.left_edge.i, cue.run.end)
    end = clause.right_edge.i + 1
    token = layout.tokens[cue.i]
    for other in token.rights:
        if (
            other.dep_ == "conj"
            and other.i >= end
            and other.lower_ not in cue_table().verbs
            and any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in other.children)
        ):
            end = max(end, other.right_edge.i + 1)
    return Run(start, min(end, sentence.end))


def _around(layout: Layout, cue: Cue, clause: Token) -> list[Run]:
    """What stands before and behind a "she said" that is put behind or into its clause."""
    token = layout.tokens[cue.i]
    below = {t.i for t in clause.subtree} if clause.i != token.head.i or token.dep_ == "ROOT" else set()
    own = {t.i for t in token.subtree} - below
    start, end = cue.run.start, cue.run.end
    while start - 1 in own:
        start -= 1
    while end in own and not layout.tokens[end].is_space:
        end += 1
    sentence = layout.sentence(cue.i)
    left = Run(max(sentence.start, min(below, default=sentence.start)), start)
    right = Run(end, min(sentence.end, max(below, default=clause.right_edge.i) + 1))
    return [left, right]


def _around_according(layout: Layout, cue: Cue) -> list[Run]:
    sentence = layout.sentence(cue.i)
    head = subject(layout, cue)
    if head is None:
        return []
    end = head.right_edge.i + 1
    for i in range(head.i + 1, min(end, sentence.end)):
        if layout.tokens[i].text == "," and not (
            i + 1 < end and layout.tokens[i + 1].pos_ in ("DET", "PRON", "NOUN", "ADJ")
        ):
            end = i
            break
    before, behind = Run(sentence.start, cue.i), Run(min(end, sentence.end), sentence.end)
    opening = [
        t for t in layout.tokens[before.start : before.end] if t.pos_ not in ("CCONJ", "ADV", "PUNCT", "SPACE", "SCONJ")
    ]
    if not opening:
        return [behind]
    return [before, behind]


def _phrase(layout: Layout, cue: Cue) -> Reported | None:
    """A phrase as what was said: always with marks in it; without, where the verb's frames allow it."""
    assert cue.verb is not None
    token = layout.tokens[cue.i]
    if cue.is_passive:
        return None
    parts = [c for c in token.rights if c.dep_ in _COMPLEMENTS and c.i >= cue.run.end]
    parts = [c for c in parts if not (c.dep_ in ("conj", "advcl") and not _has_marks(layout, c))]
    if not parts:
        return None
    named = next((c for c in parts if c.dep_ == "prep" and c.lower_ in cue.verb.prepositions), None)
    run = Run(min(c.left_edge.i for c in parts), max(c.right_edge.i for c in parts) + 1)
    sentence = layout.sentence(cue.i)
    run = Run(max(run.start, cue.run.end), min(run.end, sentence.end))
    if named is not None and named.i == run.start:
        run = Run(named.i + 1, run.end)
    if any(run.meets(marked) for marked in layout.marked):
        return _found(layout, [run], "marked-phrase", 0.7)
    if named is not None:
        return _found(layout, [run], "prepositional-phrase", 0.5)
    if "object" in cue.verb.frames and (noun := _child(token, "dobj")) is not None and noun.i > token.i:
        return _found(layout, [Run(noun.left_edge.i, run.end)], "object", 0.5)
    return None


def _has_marks(layout: Layout, token: Token) -> bool:
    run = Run(token.left_edge.i, token.right_edge.i + 1)
    return any(run.meets(marked) for marked in layout.marked)


def noun_clauses(layout: Layout) -> Iterator[tuple[Token, Token]]:
    """Nouns of saying with the clause that says what: ("claim", head of "that they stopped")."""
    table = cue_table()
    for i in range(layout.body.start, layout.body.end):
        token = layout.tokens[i]
        if token.lower_ in table.nouns and layout.inside[i] < 0 and token.tag_[0] == "N":
            for child in token.rights:
                if child.dep_ in ("acl", "ccomp", "relcl") and any(
                    c.dep_ == "mark" and c.lower_ == "that" for c in child.children
                ):
                    yield token, child
