"""On whom a sanction falls: the one whom a matter is about, by a part of his name too, or somebody else."""

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.bare_names import known_places
from extract.components.tree import Token
from extract.components.unnamed import ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_lists import word_set

_FIRM_WORDS = frozenset(w.lower() for word in word_set("roles_firm_words") for w in (word, f"{word}.")) | {
    "company",
    "the",
}
_AWARDS = frozenset({"award", "compensation", "damages", "judgement", "judgment", "verdict"})  # for who gets them
_OTHER_FIRMS = frozenset({"bank", "capital", "foundation", "holding", "holdings", "parent", "rival"})


def hit_by(noun: Token) -> list[Token]:
    """Whom a noun says that a sanction fell on: "a fine on X", "hit X with a fine"."""
    words = ("against", "on") if noun.lower_ in _AWARDS else ("against", "for", "on")
    hit = [x for c in noun.children if c.lower_ in words for x in c.children if x.dep_ == "pobj"]
    target = syntax.done_to(noun.head.head) if noun.head.lower_ == "with" else None
    return [*hit, target] if target is not None else hit


def is_same(one: Actor, other: Actor) -> bool:
    """ "Starfield" and "Starfield Bank", "Vandermoor" and "Ulric Vandermoor"; not "Orvane" and "Orvane Europe"."""
    shorter, longer = sorted((one, other), key=lambda a: len(a.name.split()))
    words, more = shorter.name.lower().split(), longer.name.lower().split()
    if not set(words) <= set(more):
        return False
    if longer.kind in ("person", "name") and words == more[-1:]:
        return True
    if longer.kind != "person" and words == more[:1] and longer.entity is None:  # "Lumera" and "Lumera Skin"
        return not any(w in _OTHER_FIRMS or w.capitalize() in known_places() for w in more[1:])
    return set(more) - set(words) <= _FIRM_WORDS


def is_somebody_else(noun: Token) -> bool:
    """ "a rival was fined", "other firms were banned", "Orvane Europe was fined"."""
    if noun.pos_ == "PROPN" and not any(c.lower_ in ("a", "an") for c in noun.children):
        return True  # a name that nothing else is known of
    return noun.lower_ in ORGANISATION_NOUNS | PERSON_NOUNS | {"companies", "rival", "rivals"} and any(
        c.lower_ in ("a", "an", "another", "other", "others", "several") for c in noun.children
    )
