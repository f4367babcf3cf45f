"""Who is the subject of a cue, and which words name them."""

from spacy.tokens import Token

from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Layout, Run

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_LEFT_PARTS = frozenset(
    {"det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "advmod", "predet", "punct", "case"}
)
_RIGHT_PARTS = frozenset({"prep", "cc", "conj", "punct", "appos", "case", "nummod", "compound", "npadvmod", "flat"})
_CLAUSES = frozenset({"advcl", "xcomp", "conj", "dep", "parataxis", "ccomp", "pcomp", "acl", "relcl", "prep"})
_NAMING = frozenset({"of", "for", "from", "at", "in", "with", "on", "to", "by"})
_TITLES_TAGS = frozenset({"NNP", "NNPS", "NN", "NNS", "PRP", "CD", "DT", "WP", "JJ", "JJR", "JJS"})
_LONGEST = 24  # words that name a speaker; more is a parse gone wrong


def subject(layout: Layout, cue: Cue) -> Token | None:
    """The head of the words that name the speaker, by the parse."""
    token = layout.tokens[cue.i]
    if cue.verb is None:
        return next((c for c in layout.tokens[cue.i + 1].children if c.dep_ == "pobj"), None)
    if cue.is_passive:
        return _agent(token)
    return _subject_of(token, layout, depth=0)


def _subject_of(token: Token, layout: Layout, depth: int) -> Token | None:
    own = [c for c in token.children if c.dep_ in _SUBJECTS and layout.inside[c.i] < 0]
    if own:
        return own[0] if own[0].dep_ != "csubj" else None
    if token.tag_ != "VBG" and depth == 0 and (inverted := _inverted(token, layout)) is not None:
        return inverted
    head = token.head
    if depth > 4 or head.i == token.i or token.dep_ not in _CLAUSES:
        return None
    if token.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN", "PRON"):
        return _issuer(head, layout, depth)
    if head.pos_ in ("VERB", "AUX", "ADP", "SCONJ"):
        return _subject_of(head, layout, depth + 1)
    return None


def _inverted(token: Token, layout: Layout) -> Token | None:
    """The noun right behind "said", where the parser took it for an object."""
    following = [c for c in token.children if c.i > token.i and c.dep_ in ("dobj", "npadvmod", "attr", "oprd", "dep")]
    first = following[0] if following else None
    if (
        first is None
        or first.left_edge.i != token.i + 1
        or layout.inside[first.i] >= 0
        or first.ent_type_ in ("DATE", "TIME")
    ):
        return None
    return first if first.pos_ in ("PROPN", "NOUN", "PRON") and token.lower_ in _INVERTING else None


_INVERTING = frozenset(
    {"said", "says", "added", "adds", "wrote", "writes", "asked", "explained", "continued", "noted", "replied"}
)


def _issuer(noun: Token, layout: Layout, depth: int) -> Token | None:
    """For "issued a statement saying": who issued it; else the noun itself."""
    head = noun.head
    if noun.lower_ in cue_table().documents and noun.dep_ in ("dobj", "pobj"):
        verb = head if noun.dep_ == "dobj" else head.head
        if verb.lower_ in cue_table().releases and (issuer := _subject_of(verb, layout, depth + 1)) is not None:
            return issuer
        owner = next((c for c in noun.children if c.dep_ == "poss"), None)
        return owner if owner is not None else noun
    return noun


def _agent(token: Token) -> Token | None:
    for child in token.children:
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def beside(layout: Layout, cue: Cue, within: Run) -> Token | None:
    """The head of the noun phrase before the cue, else behind it, inside ``within``, whatever the parse says."""
    i = cue.run.start - 1
    while i >= within.start and layout.tokens[i].pos_ == "ADV":
        i -= 1
    if i >= within.start and _can_head(layout.tokens[i]):
        return layout.tokens[i]
    i = cue.run.end
    while i < within.end and _can_head(layout.tokens[i], led=True):
        i += 1
    last = i - 1
    return layout.tokens[last] if last >= cue.run.end and _can_head(layout.tokens[last]) else None


def _can_head(token: Token, *, led: bool = False) -> bool:
    if token.ent_type_ in ("DATE", "TIME"):
        return False
    return token.pos_ in ("PROPN", "NOUN", "PRON") or (led and token.pos_ in ("DET", "ADJ", "NUM", "PART"))


def mention(layout: Layout, head: Token, *, whole: bool = False) -> Run:
    """The words that name the speaker: the noun phrase without relative clauses; with an apposition if ``whole``."""
    if head.pos_ == "PRON":
        return Run(head.i, head.i + 1)
    start, end = head.i, head.i + 1
    for child in sorted(head.lefts, key=lambda c: -c.i):
        if child.dep_ in _LEFT_PARTS and child.right_edge.i + 1 == start and layout.inside[child.i] < 0:
            start = child.left_edge.i
    for child in head.rights:
        if child.dep_ not in _RIGHT_PARTS or child.left_edge.i != end or layout.inside[child.i] >= 0:
            break
        if child.dep_ == "prep" and child.lower_ not in _NAMING:
            break
        if child.dep_ == "appos" and not whole:
            break
        end = child.right_edge.i + 1
    run = _without_clauses(layout, Run(start, end), head)
    return layout.trimmed(run if len(run) <= _LONGEST else Run(head.i, head.i + 1))


def _without_clauses(layout: Layout, run: Run, head: Token) -> Run:
    """The run up to the first relative clause, mark, comma or verb behind the head."""
    end = head.i + 1
    for i in range(head.i + 1, run.end):
        token = layout.tokens[i]
        if (
            layout.inside[i] >= 0
            or token.text in (",", ";", ":", "(", "—", "–", "--")
            or token.pos_ in ("VERB", "AUX", "SCONJ")
        ):
            break
        if token.tag_ in ("WDT", "WP", "WRB"):
            break
        end = i + 1
    while end > head.i + 1 and layout.tokens[end - 1].pos_ in ("ADP", "CCONJ", "DET", "PUNCT", "PART", "ADV"):
        end -= 1
    start = run.start
    for i in range(head.i - 1, run.start - 1, -1):
        if layout.inside[i] >= 0 or (layout.tokens[i].text in (",", ";", ":", ")") and i < head.i - 8):
            start = i + 1
            break
    return Run(start, end)
