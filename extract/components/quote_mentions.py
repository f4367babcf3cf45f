"""Who is the subject of a cue, and which words name them."""

from extract.components.quote_cues import Cue, cue_table
from extract.components.quote_layout import Layout, Run
from extract.components.tree import Token

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_LEFT_PARTS = frozenset(
    {"det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "advmod", "predet", "punct", "case"}
)
_RIGHT_PARTS = frozenset(
    {"prep", "cc", "conj", "punct", "appos", "case", "nummod", "compound", "npadvmod", "acl", "amod"}
)
_CLIMBED = frozenset({"advcl", "xcomp", "conj", "dep", "parataxis", "ccomp", "pcomp", "acl", "relcl", "prep"})
_NAMING = frozenset({"of", "for", "from", "at", "in", "with", "on", "to", "by", "inside", "within", "behind", "close"})
_INVERTING = frozenset(
    {"said", "says", "added", "adds", "wrote", "writes", "asked", "explained", "continued", "noted", "replied"}
)
_BREAKS = frozenset({",", ";", ":", "(", ")", "—", "–", "--"})
_LONGEST = 24  # words that name a speaker; more is a parse gone wrong


def subject(layout: Layout, cue: Cue) -> Token | None:
    """The head of the words that name the speaker, by the parse."""
    token = layout.tokens[cue.i]
    if cue.verb is None:
        told = next((c for c in layout.tokens[cue.i + 1].children if c.dep_ == "pobj"), None)
        named = layout.tokens[min(cue.i + 2, layout.body.end - 1)]
        return told or (named if named.dep_ == "pcomp" and named.text.istitle() else None)
    if cue.is_passive:
        return _agent(token)
    own = _own_subject(token, layout)
    if own is not None or token.tag_ == "VBG":
        return own if own is not None else _governing_subject(token, layout)
    return _inverted(token, layout) or _governing_subject(token, layout)


def _own_subject(token: Token, layout: Layout) -> Token | None:
    own = [c for c in token.children if c.dep_ in _SUBJECTS and layout.inside[c.i] < 0]
    return min(own, key=lambda c: abs(c.i - token.i), default=None)


def _inverted(token: Token, layout: Layout) -> Token | None:
    """The noun right behind "said", where the parser took it for an object."""
    if token.lower_ not in _INVERTING:
        return None
    for child in token.rights:
        if child.dep_ in ("dobj", "npadvmod", "attr", "oprd", "dep") and child.left_edge.i == token.i + 1:
            is_name = child.pos_ in ("PROPN", "NOUN", "PRON") and child.ent_type_ not in ("DATE", "TIME")
            return child if is_name and layout.inside[child.i] < 0 else None
    return None


def _governing_subject(token: Token, layout: Layout) -> Token | None:
    """The subject of a verb above: of the next cue there, else of the next verb that has one."""
    nearest: Token | None = None
    verbs = cue_table().verbs
    for _ in range(6):
        head = token.head
        if head.i == token.i or token.dep_ not in _CLIMBED:
            break
        is_told = head.dep_ != "pobj" or head.pos_ == "PROPN" or head.lower_ in cue_table().documents
        if token.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN", "PRON") and is_told:
            return nearest or _issuer(head, layout)
        found = _own_subject(head, layout)
        if found is not None and head.lower_ in verbs:
            return found
        nearest, token = nearest or found, head
    return nearest or _subject_of_first(token, layout)


def _subject_of_first(token: Token, layout: Layout) -> Token | None:
    """ "A praised it, called it fair and said …", the "A praised it" taken for what was "called"."""
    first = next((c for c in token.lefts if c.dep_ == "ccomp" and c.tag_ == token.tag_), None)
    return _own_subject(first, layout) if first is not None and layout.inside[first.i] < 0 else None


def _issuer(noun: Token, layout: Layout) -> Token | None:
    """For "issued a statement saying": who issued it; else the noun itself."""
    if noun.lower_ in cue_table().documents and noun.dep_ in ("dobj", "pobj"):
        verb = noun.head if noun.dep_ == "dobj" else noun.head.head
        if verb.lower_ in cue_table().releases:
            issuer = _own_subject(verb, layout) or _governing_subject(verb, layout)
            if issuer is not None:
                return issuer
        return next((c for c in noun.children if c.dep_ == "poss"), noun)
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


def named_first(layout: Layout, cue: Cue, within: Run) -> Token | None:
    """The name that ``within`` begins with, if a comma parts it from the cue: "Tilda Roe, who runs the lab, said"."""
    tokens = [t for t in layout.tokens[within.start : cue.run.start] if not t.is_space]
    while tokens and (tokens[0].is_punct or tokens[0].pos_ in ("CCONJ", "ADV")):
        tokens = tokens[1:]
    comma = next((n for n, t in enumerate(tokens) if t.text in _BREAKS), None)
    if not comma or tokens[comma - 1].pos_ != "PROPN" or any(t.pos_ in ("VERB", "AUX", "ADP") for t in tokens[:comma]):
        return None
    return tokens[comma - 1] if tokens[comma - 1].ent_type_ not in ("DATE", "TIME", "GPE") else None


def _can_head(token: Token, *, led: bool = False) -> bool:
    if token.ent_type_ in ("DATE", "TIME"):
        return False
    return token.pos_ in ("PROPN", "NOUN", "PRON") or (led and token.pos_ in ("DET", "ADJ", "NUM", "PART"))


def mention(layout: Layout, head: Token) -> Run:
    """The words that name the speaker: the noun phrase up to a comma, without relative clauses."""
    if head.pos_ == "PRON":
        return Run(head.i, head.i + 1)
    run = Run(_with_title(layout, head, _left_end(layout, head)), _right_end(layout, head))
    return layout.trimmed(run if len(run) <= _LONGEST else Run(head.i, head.i + 1))


def _with_title(layout: Layout, head: Token, start: int) -> int:
    """Where the title before a name begins: "the guild's chair, Ada Brook, said", the name taken for the subject."""
    tokens = layout.tokens
    if start < layout.body.start + 2 or tokens[start - 1].text != "," or head.pos_ != "PROPN":
        return start
    title = tokens[start - 2]
    is_title = title.lower_ in cue_table().persons and title.head in (head, head.head) and layout.inside[title.i] < 0
    return _left_end(layout, title) if is_title else start


def _left_end(layout: Layout, head: Token) -> int:
    start = head.i
    for child in sorted(head.lefts, key=lambda c: -c.i):
        if child.dep_ in _LEFT_PARTS and child.right_edge.i + 1 == start and layout.inside[child.i] < 0:
            start = child.left_edge.i
    for i in range(head.i - 1, start - 1, -1):
        far = layout.tokens[i].text == "," and i < head.i - 8
        if layout.inside[i] >= 0 or far or layout.tokens[i].text in (";", ":", ")", "—", "–", "--"):
            return i + 1
    return start


def _right_end(layout: Layout, head: Token) -> int:
    end = head.i + 1
    for child in head.rights:
        if child.dep_ not in _RIGHT_PARTS or child.left_edge.i != end or layout.inside[child.i] >= 0:
            break
        if child.dep_ == "prep" and child.lower_ not in _NAMING:
            break
        if child.dep_ in ("acl", "amod") and (head.pos_ != "NOUN" or child.lower_ in cue_table().verbs):
            break
        end = child.right_edge.i + 1
    told_by = next((c for c in head.rights if c.dep_ == "relcl" and _says_who(head, c, end)), None)
    if told_by is not None:
        return told_by.right_edge.i + 1
    for i in range(head.i + 1, end):
        token = layout.tokens[i]
        if layout.inside[i] >= 0 or token.text in _BREAKS or token.tag_ in ("WDT", "WP", "WRB") or "\n" in token.text:
            end = i
            break
    while end > head.i + 1 and layout.tokens[end - 1].pos_ in ("ADP", "CCONJ", "DET", "PUNCT", "PART", "ADV"):
        end -= 1
    tokens = layout.tokens
    is_titled = end + 1 < len(tokens) and tokens[end].text == "," and tokens[end + 1].ent_type_ == "PERSON"
    if is_titled and head.lower_ in cue_table().persons and tokens[end + 1].ent_iob_ == "B":
        end += 1  # "the firm's lawyer, Ada Brook, said"
    while end < len(tokens) and tokens[end].ent_type_ == "PERSON" and tokens[end].pos_ == "PROPN":
        end += 1  # "the columnist Ada Brook", taken for two phrases
    return end


def _says_who(head: Token, clause: Token, end: int) -> bool:
    """Whether a relative clause is all that tells who it is: "a person who saw the memo"."""
    if head.lower_ not in ("person", "people", "man", "woman", "those") and head.lower_ not in cue_table().persons:
        return False
    is_short = clause.right_edge.i - clause.left_edge.i <= 8
    return clause.left_edge.i == end and clause.left_edge.tag_ == "WP" and is_short
