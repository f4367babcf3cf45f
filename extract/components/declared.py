"""Whom a text names as the defendant or the accused: "the defendant, Orvane, runs", "the accused are A and B"."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.scene import Scene
from extract.components.syntax import child
from extract.components.tree import Token
from extract.components.word_lists import word_set

_CALLED = frozenset({"accused", "defendant", "defendants", "respondent", "respondents", "suspect", "suspects"})
_ADDRESSES = frozenset({"admonished", "sentenced", "told", "warned"})
_JUDGES = word_set("judges")
_KINDS = frozenset({"company", "name", "person", "project"})
_TAKEN = 0.7


def with_declared(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims; where none names or describes a violator, they are against the defendants."""
    if any(c.violators for c in claims):
        return claims
    acting = {a.identity for c in claims for a in (*c.enforcers, *c.claimants)}
    meant = tuple({a.identity: a for a in declared_parties(scene) if a.identity not in acting}.values())
    if not meant:
        return claims
    return [
        c
        if c.status in ("hypothetical", "denied")
        else replace(c, violators=meant, weight=c.weight * _TAKEN, is_inherited=True)
        for c in claims
    ]


def declared_parties(scene: Scene) -> Iterator[Actor]:
    """Whom the text names beside "the defendant" or "the accused", and whom a judge addresses."""
    if (_CALLED | _ADDRESSES).isdisjoint(scene.doc.lower):
        return
    for word, token in zip(scene.doc.lower, scene.doc.tokens, strict=True):
        if word in _ADDRESSES and _is_judge(child(token, "nsubj")):
            yield from (a for a in scene.cast.actors(child(token, "dobj")) if a.kind == "person" and not a.is_resolved)
        if word in _CALLED and any(c.dep_ == "det" and c.lower_ in ("the", "both") for c in token.children):
            yield from _beside(token, scene) or _told_after(token, scene)


def _is_judge(who: Token | None) -> bool:
    """ "Judge Teale", "the magistrate"."""
    return who is not None and any(t.lower_ in _JUDGES for t in (who, *who.children))


def _beside(token: Token, scene: Scene) -> list[Actor]:
    """ "the defendant, X, runs" and "the defendants X and Y"; not "the defendant, X said, runs"."""
    has_comma = scene.doc[token.i + 1 : token.i + 2].text == ","
    first = token.i + 1 + has_comma
    found = scene.cast.named(first, first + 1)
    if not found or (has_comma and scene.doc[found[0].end : found[0].end + 1].text not in (",", ".", "and")):
        return []
    return _row(scene.cast.named(first, token.sent.end), scene)


def _told_after(token: Token, scene: Scene) -> list[Actor]:
    """ "the accused are X, 44, and Y, 51"; not "the accused is a client of X"."""
    verb = token.head
    if token.dep_ not in ("nsubj", "nsubjpass") or verb.lower_ not in ("are", "is", "was", "were"):
        return []
    who = child(verb, "attr")
    if who is None or child(verb, "neg") is not None:
        return []
    found = scene.cast.named(who.left_edge.i, token.sent.end)
    return _row(found, scene) if found and found[0].start <= who.i < found[0].end else []


def _row(actors: list[Actor], scene: Scene) -> list[Actor]:
    """The first of them, and those that follow with no verb between."""
    row = actors[:1]
    for one, other in pairwise(actors):
        if any(t.pos_ in ("VERB", "AUX", "SCONJ", "ADP") for t in scene.doc[one.end : other.start]):
            break
        row.append(other)
    return [a for a in row if a.kind in _KINDS]
