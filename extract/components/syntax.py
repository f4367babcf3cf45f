"""Who stands where around a verb or noun: subjects, objects and prepositions as the voice has them."""

from collections.abc import Iterable, Iterator

from extract.components.tree import Token
from extract.components.word_lists import word_set

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
_OF_OBJECT = frozenset({"for", "of", "from", "over", "with", "on"})
_AIMS = frozenset({"against", "on", "into"})
_CLAUSES = frozenset({"xcomp", "advcl", "ccomp"})
# "ordered X to stop": the object of these is the subject of the infinitive, of all others the subject is.
_PROMISES = word_set("syntax_promises")
# "was convicted and jailed": never without an object, whatever tense the model takes it for.
_DONE_TO = frozenset(
    {"arraigned", "arrested", "banned", "barred", "convicted", "detained", "extradited", "fined", "imprisoned"}
    | {"indicted", "jailed", "remanded", "sentenced"}
)
_RELATIVES = frozenset({"which", "that", "who", "whom"})


def word_of(token: Token) -> str:
    """The word in small letters; "start-up" for the "up" that the tokeniser leaves of it."""
    if token.lower_ in ("up", "ups") and token.i > 1 and token.nbor(-2).lower_ == "start":
        return f"start-{token.lower_}"
    return token.lower_


def child(token: Token, *deps: str) -> Token | None:
    """The first child with one of these dependencies."""
    return next((c for c in token.children if c.dep_ in deps), None)


def is_passive(verb: Token) -> bool:
    """Was it done to the subject?"""
    if _is_perfect(verb):
        return False
    if child(verb, "nsubjpass", "auxpass", "csubjpass", "agent") is not None:
        return True
    if (
        verb.dep_ in ("acl", "acomp", "advcl", "oprd")
        and verb.tag_ == "VBN"
        and child(verb, "dobj", "nsubj", "aux") is None
    ):
        return True
    is_done = verb.tag_ == "VBN" or (verb.lower_ in _DONE_TO and child(verb, "dobj") is None)
    if verb.dep_ == "conj" and is_done and child(verb, "nsubj", "aux") is None:
        return is_passive(verb.head)
    return bool(verb.dep_ == "amod" and verb.tag_ == "VBN")


def _is_perfect(verb: Token) -> bool:
    """ "It's begun an investigation": the model takes the short "has" for "is"."""
    short = child(verb, "auxpass")
    return short is not None and short.text in ("'s", "’s") and child(verb, "dobj") is not None


def doer(verb: Token) -> Token | None:
    """Who does it: the subject of an active verb, the agent of a passive one."""
    if is_passive(verb):
        return agent(verb)
    if _had_done(verb) is not None:
        return surface_subject(verb.head) if verb.dep_ == "ccomp" else child(verb, "nsubj")
    return surface_subject(verb)


def done_to(verb: Token) -> Token | None:
    """To whom it is done: the object of an active verb, the subject of a passive one."""
    if is_passive(verb):
        return surface_subject(verb)
    if (caused := _had_done(verb)) is not None:
        return caused
    found = child(verb, "dobj", "dative", "obj")
    if found is None and verb.dep_ != "conj":
        nested = child(verb, "ccomp", "xcomp")  # "ordered X to stop": often parsed as the subject of "stop"
        found = child(nested, "nsubj", "nsubjpass") if nested is not None else None
    if found is not None and found.lower_ in _RELATIVES and verb.dep_ == "relcl":
        return verb.head
    if found is None and (later := _shared_object(verb)) is not None:
        return later
    return found


def thing(root: Token, kind: str) -> Token | None:
    """What a verb is done to, in "refused to renew it" and "declared void the permit" too; of a noun what it is of."""
    if kind == "noun":
        return next((x for c in root.children if c.lower_ == "of" for x in c.children if x.dep_ == "pobj"), None)
    found = done_to(root)
    if found is None and (inner := child(root, "xcomp", "ccomp")) is not None:
        return child(inner, "dobj")
    return found


def had_done(verb: Token) -> Token | None:
    """ "X had its permit revoked": the "had"."""
    is_had = verb.dep_ == "ccomp" and verb.head.lower_ in ("had", "has", "have") and verb.tag_ == "VBN"
    return verb.head if is_had and _had_done(verb) is not None else None


def _had_done(verb: Token) -> Token | None:
    """ "A court had X blocked": X, which the parse takes for a subject, or for a second one."""
    if verb.tag_ != "VBN":
        return None
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    if verb.dep_ == "ccomp" and verb.head.lower_ in ("had", "has", "have") and child(verb, "aux") is None:
        return subjects[0] if subjects else None
    had = next((c.i for c in verb.children if c.dep_ == "aux" and c.lower_ in ("had", "has", "have")), None)
    return subjects[1] if had is not None and len(subjects) == 2 and subjects[0].i < had < subjects[1].i else None


def _shared_object(verb: Token) -> Token | None:
    """ "sued and fined X": the object stands with the last verb."""
    for other in verb.conjuncts:
        if other.i > verb.i and (found := child(other, "dobj")) is not None and child(other, "nsubj") is None:
            return found
    return None


def agent(verb: Token) -> Token | None:
    """The one after "by"."""
    for c in verb.children:
        if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ == "by"):
            return child(c, "pobj")
    return None


def surface_subject(verb: Token, depth: int = 0) -> Token | None:
    """What stands as subject, whatever the voice; inherited where the verb has none of its own."""
    own = _nearest_subject(verb)
    if own is None and child(verb, "csubj", "csubjpass") is not None:
        return None  # "held that copying them violated the act": a deed, whosoever
    if own is not None:
        return verb.head if own.lower_ in _RELATIVES and verb.dep_ == "relcl" else own
    if depth > 5 or verb.dep_ == "ROOT":
        return None
    head = verb.head
    if verb.dep_ in ("acl", "relcl"):
        return _of_noun_clause(verb, depth)
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX"):
        return surface_subject(head, depth + 1)
    if verb.dep_ == "xcomp":
        return _controller(head, depth)
    if verb.dep_ in _CLAUSES and head.pos_ in ("VERB", "AUX"):
        return surface_subject(head, depth + 1)
    if verb.dep_ == "pcomp":
        return _of_gerund(head, depth)
    return surface_subject(head, depth + 1) if head.pos_ in ("VERB", "AUX") and verb.dep_ in ("dep", "acomp") else None


def _nearest_subject(verb: Token) -> Token | None:
    """The verb's own subject; of two the last before it: "it was theatre, the court held, and X broke the law"."""
    own = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
    before = [c for c in own if c.i < verb.i]
    return before[-1] if len(before) > 1 else next(iter(own), None)


def _of_noun_clause(verb: Token, depth: int) -> Token | None:
    """ "plans to sue": who plans; "a firm selling cameras": the firm."""
    noun = verb.head
    is_infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    if not is_infinitive:
        return noun
    owner = child(noun, "poss")
    if owner is not None:
        return owner
    if noun.dep_ == "pobj" and noun.head.head.pos_ in ("VERB", "AUX"):  # "in an effort to sue"
        return surface_subject(noun.head.head, depth + 1)
    return surface_subject(noun.head, depth + 1) if noun.dep_ in ("dobj", "attr") else noun


def _controller(governor: Token, depth: int) -> Token | None:
    if governor.lower_ not in _PROMISES and not is_passive(governor):
        found = child(governor, "dobj")
        if found is not None:
            return found
    return surface_subject(governor, depth + 1)


def _of_gerund(preposition: Token, depth: int) -> Token | None:
    """ "fined X for selling": X; "X profits by selling": X too."""
    governor = preposition.head
    if (aim := _aimed_at(governor, preposition)) is not None:
        return aim
    if governor.pos_ in ("VERB", "AUX"):
        if (
            preposition.lower_ in _OF_OBJECT
            and (found := done_to(governor)) is not None
            and found.ent_type_ not in ("MONEY", "DATE")
        ):
            return found
        return surface_subject(governor, depth + 1)
    if governor.dep_ in ("acomp", "attr", "oprd", "dobj", "pobj") and governor.head.pos_ in ("VERB", "AUX"):
        return surface_subject(governor.head, depth + 1)
    return None


def _aimed_at(governor: Token, preposition: Token) -> Token | None:
    """ "a suit against X for copying", "imposed a fine on X for copying": X."""
    if preposition.lower_ not in _OF_OBJECT:
        return None
    holders = [governor, *(c for c in governor.children if c.dep_ in ("dobj", "nsubjpass"))]
    for c in (c for h in holders for c in h.children):
        if c.dep_ == "prep" and c.lower_ in _AIMS and c.i < preposition.i:
            return child(c, "pobj")
    return None


def after_preposition(token: Token, *words: str) -> Iterator[Token]:
    """What stands after one of these prepositions, on the token, its object or the verb that governs it."""
    for holder in _holders(token):
        for c in holder.children:
            if c.dep_ in ("prep", "agent", "dative") and c.lower_ in words and c.i > token.i:
                yield from (x for x in c.children if x.dep_ in ("pobj", "pcomp"))


def _holders(token: Token) -> Iterable[Token]:
    yield token
    for c in token.children:
        if c.i > token.i and c.dep_ in ("dobj", "prep", "conj", "appos", "acl"):
            yield c
            if c.dep_ == "prep":
                yield from (x for x in c.children if x.dep_ == "pobj")
    if token.dep_ in ("dobj", "pobj", "nsubjpass", "compound", "conj", "attr", "nsubj") and token.head.i != token.i:
        yield token.head
        if token.head.dep_ == "prep":
            yield token.head.head


def governor(noun: Token) -> Token | None:
    """The verb a noun depends on, through prepositions, compounds and lists."""
    t = noun
    for _ in range(5):
        if t.dep_ == "ROOT":
            return None
        t = t.head
        if t.pos_ in ("VERB", "AUX"):
            return t
        if t.dep_ == "relcl":
            return t
    return None


def verb_of(root: Token, kind: str) -> Token:
    """Of a phrase, the verb that it stands with: "deleted it on the orders of"; else the word itself."""
    return (kind == "phrase" and root.pos_ not in ("VERB", "AUX") and governor(root)) or root


def clause_subject(verb: Token) -> Token | None:
    """Subject of the clause that the verb says: "found that X broke it"."""
    clause = child(verb, "ccomp")
    if clause is None:
        return None
    return child(clause, "nsubj", "nsubjpass")


def event_meant(subject: Token | None, verb: Token) -> Token | None:
    """Of "this violates the law": the verb of what "this" stands for, in the clause or the sentence before."""
    if subject is None or subject.lower_ not in ("this", "that") or any(True for _ in subject.children):
        return None
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return verb.head
    start = verb.sent.start
    if not start:
        return None
    before = verb.doc[start - 1].sent.root
    return child(before, "ccomp") or before


def list_members(token: Token) -> Iterator[Token]:
    """The nouns joined to it: "A, B and C"."""
    for member in token.children:
        if member.dep_ == "conj" and member.pos_ in ("PROPN", "NOUN", "PRON"):
            yield member
            yield from list_members(member)


def is_subject(root: Token) -> bool:
    """Subject or possessor, or in apposition to one: "the solicitor, X, told"."""
    held = ("nsubj", "nsubjpass", "poss")
    return root.dep_ in held or (root.dep_ == "appos" and root.head.dep_ in held)


def has_relative_subject(clause: Token) -> bool:
    """ "X, which said": what the relative clause is about is also its subject."""
    subject = child(clause, "nsubj", "nsubjpass")
    return subject is not None and subject.lower_ in _RELATIVES


def is_or_else(root: Token) -> bool:
    """ "X has until Friday, or it will have to pay": what follows if he does not."""
    if any(c.lower_ in ("otherwise", "failing") and c.dep_ == "advmod" for t in (root, root.head) for c in t.children):
        return True
    return any(c.dep_ in ("nsubj", "nsubjpass") for c in root.children) and (
        root.left_edge.i > root.sent.start and root.left_edge.nbor(-1).lower_ in ("or", "otherwise")
    )
