"""Whom a text names as the defendant or the accused: "the defendant, Orvane, runs", "the accused are A and B"."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.scene import Scene
from extract.components.syntax import child
from extract.components.tree import Token

_CALLED = frozenset({"accused", "defendant", "defendants", "respondent", "respondents", "suspect", "suspects"})
_KINDS = frozenset({"company", "name", "person", "project"})
_TAKEN = 0.7


def with_declared(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims; where none names a violator, those against nobody by name are against the defendants."""
    if any(a.kind != "generic" for c in claims for a in c.violators):
        return claims
    found = {a.identity: a for a in declared_parties(scene)}
    if not found:
        return claims
    meant = tuple(found.values())
    return [
        c if c.status == "hypothetical" else replace(c, violators=meant, weight=c.weight * _TAKEN, is_inherited=True)
        for c in claims
    ]


def declared_parties(scene: Scene) -> Iterator[Actor]:
    """Whom the text names beside "the defendant" or "the accused"."""
    if _CALLED.isdisjoint(scene.doc.lower):
        return
    for word, token in zip(scene.doc.lower, scene.doc.tokens, strict=True):
        if word in _CALLED and any(c.dep_ == "det" and c.lower_ in ("the", "both") for c in token.children):
            yield from _beside(token, scene) or _told_after(token, scene)


def _beside(token: Token, scene: Scene) -> list[Actor]:
    """ "the defendant, X," and "the defendants X and Y"."""
    first = token.i + 1 + (scene.doc[token.i + 1 : token.i + 2].text == ",")
    found = scene.cast.named(first, first + 1)
    return _row([a for a in scene.cast.named(first, token.sent.end) if found], scene)


def _told_after(token: Token, scene: Scene) -> list[Actor]:
    """ "the accused are X, 44, and Y, 51"."""
    verb = token.head
    if token.dep_ not in ("nsubj", "nsubjpass") or verb.lower_ not in ("are", "is", "was", "were"):
        return []
    who = child(verb, "attr")
    return _row(scene.cast.named(who.left_edge.i, token.sent.end), scene) if who is not None else []


def _row(actors: list[Actor], scene: Scene) -> list[Actor]:
    """The first of them, and those that follow with no verb between."""
    row = actors[:1]
    for one, other in pairwise(actors):
        if any(t.pos_ in ("VERB", "AUX", "SCONJ", "ADP") for t in scene.doc[one.end : other.start]):
            break
        row.append(other)
    return [a for a in row if a.kind in _KINDS]
