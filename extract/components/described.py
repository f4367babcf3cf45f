"""Names beside the noun that describes their bearer: "the courier Swiftlet", "the firm behind it, Tovira"."""

from collections.abc import Callable, Sequence

from extract.components.actors import Actor
from extract.components.tree import Entity, Token, Tree
from extract.components.unnamed import ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_lists import word_set

Named = Callable[[int, int], list[Actor]]
"""The named actors between two tokens, in order."""

_BEARERS = ORGANISATION_NOUNS | PERSON_NOUNS | word_set("roles_of_whom") | word_set("antecedents_company_nouns")
_AUTHORITIES = frozenset(
    {"authority", "commission", "inspectorate", "ministry", "ombudsman", "regulator", "tribunal", "watchdog"}
)
_OF_THE_STATE = frozenset(
    {"competition", "consumer", "data", "federal", "government", "health", "protection", "safety", "state", "tax"}
)
_TELLS = frozenset({"assured", "assures", "informed", "tell", "telling", "tells", "told", "warned"})
_TOLD = 4  # tokens between "told" and the word for the authority
_KINDS = frozenset({"company", "name", "project", "person"})
_CLAUSE = 9  # tokens between a noun and the name behind its clause
_ENDS = frozenset({",", "."})
_FROM = frozenset({"from", "in", "of"})  # "the firm behind it, Tovira of Leeds,"


def name_beside(named: Named, noun: Token) -> list[Actor]:
    """The name right after the noun, or between commas behind the words that describe it."""
    return [] if noun.tag_ != "NN" else _right_after(named, noun) or _behind_clause(named, noun)


def offices(doc: Tree) -> frozenset[str]:
    """Names that stand beside the word for an authority: "the consumer agency Sernac", "the authority, Veritel,"."""
    found = set()
    for span in doc.entities:
        if span.kb_id_ or span.start < 2 or span.label_ == "AUTHORITY":
            continue
        if _is_right_behind(doc, span) or _is_between_commas(doc, span):
            found.add(span.name or span.text)
    return frozenset(found)


def _is_right_behind(doc: Tree, span: Entity) -> bool:
    """ "the consumer agency Sernac"; not "told the regulator Quillmere had kept them", with its own verb."""
    noun, root = doc[span.start - 1], span.root
    if not _is_authority(doc, noun.i) or any(t.lower_ in _TELLS for t in doc[max(0, noun.i - _TOLD) : noun.i]):
        return False
    return root.dep_ not in ("nsubj", "nsubjpass") or noun.head.i == root.i


def _is_between_commas(doc: Tree, span: Entity) -> bool:
    """ "the authority, Veritel, fined it"; not "according to the regulator, Quillmere, a lender, broke"."""
    noun, root = doc[span.start - 2], span.root
    if doc[span.start - 1].text != "," or not _is_authority(doc, noun.i) or root.dep_ in ("nsubj", "nsubjpass"):
        return False
    if span.end >= len(doc) or doc[span.end].text not in (",", "."):
        return False
    is_behind_verb = noun.head.lower_ == "by" and not noun.head.is_sent_start
    return noun.dep_ in ("nsubj", "nsubjpass") or is_behind_verb


def _is_authority(doc: Tree, i: int) -> bool:
    """The word for one, and of agencies not those that sell travels or news."""
    token = doc[i]
    if token.lower_ == "agency":
        return i > 0 and doc[i - 1].lower_ in _OF_THE_STATE
    return token.lower_ in _AUTHORITIES and token.tag_ == "NN"


def _right_after(named: Named, noun: Token) -> list[Actor]:
    """ "the drone courier Swiftlet", whatever the parse makes of it."""
    if noun.i + 1 >= len(noun.doc) or noun.nbor(1).is_sent_start:
        return []
    if not any(c.dep_ == "det" and c.lower_ in ("the", "a", "an") for c in noun.children):
        return []
    return [a for a in named(noun.i + 1, noun.i + 2) if a.kind in _KINDS]


def _behind_clause(named: Named, noun: Token) -> list[Actor]:
    """ "the agency that placed them, X,", "the company behind it, X of Leeds,"."""
    doc = noun.doc
    is_clause = any(c.dep_ == "relcl" and c.i - noun.i < _CLAUSE for c in noun.children)
    is_behind = noun.lower_ in _BEARERS and any(c.lower_ in ("behind", "of") for c in noun.children if c.i > noun.i)
    if not (is_clause or is_behind):
        return []
    comma = next((t.i for t in doc[noun.i + 1 : noun.i + _CLAUSE] if t.text == ","), None)
    found = named(comma + 1, comma + 2) if comma is not None and comma > noun.i + 1 else []
    if not found or found[0].kind not in _KINDS or found[0].end >= len(doc):
        return []
    after = doc[found[0].end]
    return found if after.text in _ENDS or (is_behind and after.lower_ in _FROM) else []


def is_where_he_is(noun: Token, names: Sequence[Actor]) -> bool:
    """ "a Larkmoor letting agent": where he is, not who; not "a Quillbrook subsidiary", of a firm that is known."""
    is_one = any(c.dep_ == "det" and c.lower_ in ("a", "an") for c in noun.children)
    return is_one and bool(names) and all(a.kind == "name" for a in names)
