"""Who a word of the parse speaks of: the actors behind a name, an apposition, a list, a possessive or "the company"."""

import re
from bisect import bisect_left
from dataclasses import replace
from functools import cached_property

from spacy.tokens import Doc

from extract.components.actors import Actor, standing
from extract.components.antecedents import (
    EITHER,
    FIRMS,
    THEY,
    Mentions,
    antecedent,
    governing_subjects,
    group,
    wanted,
)
from extract.components.bare_names import BareNames, is_no_name, is_no_party, known_places, two_names
from extract.components.described import is_where_he_is, name_beside, offices
from extract.components.firm_signs import shown_as_firms
from extract.components.speaking import (
    FIRST_PERSON,
    is_own_act,
    quoted_speaker,
    speaks_of_another,
    who_admits,
    who_says_so,
)
from extract.components.syntax import agent, has_relative_subject, list_members
from extract.components.thing_makers import makers_told
from extract.components.tree import Entity, Token, Tree
from extract.components.unnamed import ORGANISATION_NOUNS, one_of, unnamed
from extract.components.word_lists import word_set
from extract.components.words import countries, given_names, without_seat, without_title
from extract.facts import Quote, Relation
from extract.vocabulary import Lexicon

# What belongs to an actor: done by it is done by him.
_BELONGINGS = word_set("roles_belongings")
_OF_WHOM = word_set("roles_of_whom")
_OF_A_NAME = ORGANISATION_NOUNS | _BELONGINGS | _OF_WHOM
_IN_HANDS = frozenset({"built", "deployed", "offered", "operated", "run", "used"})  # "the model used by X": X's
_OF_ONESELF = word_set("roles_of_oneself")
_OFFICIAL = re.compile(
    r"\b(?:Commission|Authority|Agency|Board|Ministry|Court|Bureau|Department|Parliament|Regulator|Inspectorate"
    r"|Ombudsman|Supervisory|European Union)\b"
)
_FIRM_WORDS = word_set("roles_firm_words")
_MEMBERS = word_set("roles_members")
_QUANTIFIERS = word_set("roles_quantifiers")
_WHOSE = frozenset({"amod", "compound", "nmod", "nsubj", "poss"})
_CUT = 6  # tokens of a name before its last


class Cast:
    """The actors of one Doc."""

    def __init__(self, doc: Doc, lexicon: Lexicon, plain: frozenset[str] = frozenset()) -> None:
        self.doc: Tree = doc._.tree
        self.lexicon = lexicon
        self.quotes: list[Quote] = doc._.quotes
        self._relations: list[Relation] = doc._.relations
        self.excluded: frozenset[str] = frozenset()
        """Whom no pronoun stands for, while one claim is read: the owners of the rule."""
        self.is_accusing = False
        """A violator is looked for."""
        spans = [
            s
            for s in self.doc.entities
            if s.kb_id_
            or s.label_ == "RULE"
            or not is_no_name(self.doc.lower[s.start : s.end], is_firm=s.label_ == "COMPANY")
        ]
        self._at: dict[int, Entity] = {i: s for s in spans for i in s.numbers}
        self._of_spans: dict[int, list[Actor]] = {}
        self._bare = BareNames(self.doc, self._at.keys(), plain)

    def named(self, start: int, end: int) -> list[Actor]:
        """The named actors between two tokens, in order."""
        at = self._starts
        return [self._actor_at[i] for i in at[bisect_left(at, start) : bisect_left(at, end)]]

    def is_in_a_name(self, token: int) -> bool:
        """Is it part of a name of several words, such as "Bank for International Settlements"?"""
        span = self._at.get(token)
        return span is not None and span.label_ != "RULE" and any(t.lower_ in ("of", "for") for t in span)

    def states(self, start: int, end: int) -> list[Actor]:
        """The countries named between two tokens, in order, each once."""
        return list({a.identity: a for i, a in self._states.items() if start <= i < end}.values())

    def actors(self, token: Token | None, depth: int = 0) -> list[Actor]:
        """Whom the phrase headed by the token speaks of; empty if nobody."""
        if token is None or depth > 4:
            return []
        own = self._one(token, depth)
        found = list(own)
        for other in list_members(token):
            found += [a for a in self._one(other, depth + 1) if a.identity not in {f.identity for f in found}]
        return found

    def _one(self, token: Token, depth: int) -> list[Actor]:
        span = self._at.get(token.i)
        if span is not None:
            if span.label_ == "RULE":  # "its store rules break the law"
                owner = next((c for c in token.children if c.dep_ == "poss"), None)
                return self._one(owner, depth + 1) if owner is not None and depth < 4 else []
            return self._split(span)
        if (state := self._states.get(token.i)) is not None and token.dep_ != "compound":
            return [state]
        if token.lower_ in _QUANTIFIERS:
            for c in token.children:  # "one of its resellers, the start-up X"
                if c.dep_ == "appos" and c.pos_ == "PROPN" and (found := self.actors(c, depth + 1)):
                    return found
            for c in token.children:
                if c.lower_ == "of" and (target := next((x for x in c.children if x.dep_ == "pobj"), None)) is not None:
                    return self.actors(target, depth + 1) or one_of(token, target)
        if token.pos_ == "PRON" or token.lower_ in ("its", "their", "his", "her", "our", "my"):
            return self._resolved(token)
        if token.pos_ == "PROPN":
            return self._bare_name(token) or self._longer(token) or self._of_noun(token, depth)
        if token.pos_ in ("NOUN", "ADJ", "VERB", "NUM", "DET"):
            return self._of_noun(token, depth)
        return []

    def _of_noun(self, noun: Token, depth: int) -> list[Actor]:
        row = self._listed(noun, depth)
        if len(row) > 1:
            return row
        for c in noun.children:  # "the chatbot maker, Tovira" and, before it, "the firm Tovira"
            if c.dep_ in ("appos", "flat") and (found := self.actors(c, depth + 1)):
                return found
        if found := name_beside(self.named, noun):
            return found
        if row:
            return row
        word = noun.lower_
        if word in _MEMBERS and (found := self._home(noun, depth)):
            return found
        if word in _OF_WHOM and (owner := self._owner_of(noun)):
            return [owner]
        if word in _BELONGINGS and not any(c.lower_ in ("former", "ex") for c in noun.children):
            for c in noun.children:
                found = self._one(c, depth + 1) if c.dep_ in _WHOSE else []
                if found and (c.dep_ == "poss" or not is_where_he_is(noun, found)):
                    return found
            for c in noun.children:
                if c.dep_ in ("prep", "agent") and c.lower_ in ("of", "by", "from", "at"):
                    for x in c.children:
                        if x.dep_ == "pobj" and (found := self.actors(x, depth + 1)):
                            return unnamed(noun) if word == "office" and found[0].kind == "office" else found
                if c.dep_ == "acl" and c.lower_ in _IN_HANDS and (found := self.actors(agent(c), depth + 1)):
                    return found
        if resolved := self._resolved(noun):
            return resolved
        inside = [a for c in noun.children if c.dep_ in ("compound", "nmod") for a in self._one(c, depth + 1)]
        inside = [a for a in inside if a.kind != "generic"]  # the "landlord" of "a landlord software firm"
        if is_where_he_is(noun, inside):
            inside = []
        if inside and word in _OF_A_NAME:
            return inside[:1]
        return unnamed(noun)

    def _home(self, noun: Token, depth: int) -> list[Actor]:
        """ "the team from the University of Oakmere", "the people behind X": the body that they belong to."""
        places = ("behind",) if noun.lower_ == "people" else ("from", "at", "of", "behind")
        for c in noun.children:
            if c.dep_ == "prep" and c.lower_ in places:
                found = [a for x in c.children if x.dep_ == "pobj" for a in self.actors(x, depth + 1)]
                if found and found[0].kind in ("company", "authority", "name", "project"):
                    return found[:1]
        return []

    def _row(self, start: int) -> list[Actor]:
        """ "A, B and C": the names that follow each other from a token on, whatever the parse makes of them."""
        row: list[Actor] = []
        while found := self.named(start, start + 1):
            row.append(found[0])
            start = found[0].end
            while start < len(self.doc) and self.doc[start].lower_ in (",", "and", "or"):
                start += 1
        return row

    def _listed(self, noun: Token, depth: int) -> list[Actor]:
        """ "firms such as A and B", "companies including A"."""
        for c in noun.children:
            if c.dep_ == "prep" and (
                c.lower_ in ("including", "like") or (c.lower_ == "as" and c.i and self.doc[c.i - 1].lower_ == "such")
            ):
                if len(row := self._row(c.i + 1)) > 1:
                    return row
                for x in c.children:
                    if x.dep_ == "pobj":
                        return self.actors(x, depth + 1)
        return []

    def _owner_of(self, noun: Token) -> Actor | None:
        """ "TikTok owner", "the maker of TikTok", "ChatGPT's developer"."""
        inner = [c for c in noun.children if c.dep_ in ("compound", "poss", "nmod")]
        inner += [x for c in noun.children if c.lower_ in ("of", "behind") for x in c.children if x.dep_ == "pobj"]
        for token in inner:
            span = self._at.get(token.i)
            if span is None:
                continue
            owner = self.lexicon.owner_of(span.kb_id_ or None)
            if owner is not None:
                end = noun.i + 1 if noun.i >= span.start else span.end
                return Actor(start=span.start, end=end, name=owner.name, kind=owner.kind, entity=owner.slug)
            if noun.lower_ == "parent":
                return None
            return self._of_span(span)
        return None

    def _resolved(self, token: Token) -> list[Actor]:
        """The one a pronoun or "the company" points back to, never the one who says it."""
        if token.lower_ in FIRST_PERSON:
            return standing(quoted_speaker(token, self.quotes, list(self._actor_at.values())), token)
        if is_own_act(token):
            said_by = self.actors(who_says_so(token), 3)
            return standing(said_by, token) if said_by else self._office_meant(token)
        names = speaks_of_another(token, self.quotes)
        if not names and (admits := who_admits(token)) is not None and (own := self.actors(admits, 3)):
            return standing(own, token)
        number = self.doc.sentence_of(token.i)
        said_by = [
            a for t in governing_subjects(token) if not self._is_same_person(t, token) for a in self.actors(t, 3)
        ]
        said_by += [a for a in self._actor_at.values() if a.name in names]
        excluded = self.excluded | {a.identity for a in (*said_by, *self._described(token))}
        if several := group(token, self.mentions, number, excluded):
            return standing([self._actor_at[m.start] for m in several], token)
        if not wanted(token):
            return []
        found = antecedent(token, self.mentions, number, excluded)
        if found is None and self.is_accusing and token.lower_ in EITHER:  # "the agency" that an advertiser is
            found = antecedent(token, self.mentions, number, excluded, FIRMS)
        if found is None:
            return []
        return standing(self.row_with(found.start) if token.lower_ in THEY else [self._actor_at[found.start]], token)

    def _office_meant(self, token: Token) -> list[Actor]:
        """ "On Tuesday it ordered": the authority told of before."""
        found = antecedent(token, self.mentions, self.doc.sentence_of(token.i), self.excluded, frozenset({"authority"}))
        if found is None or found.kind != "authority":
            return []
        return standing([self._actor_at[found.start]], token)

    def _described(self, token: Token) -> list[Actor]:
        """Those named in what the token's relative clause is about: "its purchase of X, which it closed"."""
        clause = next((t for t in (token, *token.ancestors) if t.dep_ == "relcl"), None)
        is_about = clause is not None and not has_relative_subject(clause)  # not "X, which said that it had broken"
        return self.named(clause.head.left_edge.i, clause.left_edge.i) if clause is not None and is_about else []

    def row_with(self, start: int) -> list[Actor]:
        """The names in a row of which the one from a token on is part: whom "they" stands for, or "each"."""
        first = start
        while first > 1 and self.doc[first - 1].lower_ in (",", "and", "or"):
            before = next((a for a in self._actor_at.values() if a.end == first - 1), None)
            if before is None:
                break
            first = before.start
        return self._row(first)

    def _is_same_person(self, subject: Token, token: Token) -> bool:
        """ "X admitted that it broke": a pronoun may be its own subject; "X says the company broke" is not."""
        return token.pos_ == "PRON" and subject.pos_ != "PRON" and subject.head.lower_ in _OF_ONESELF

    @cached_property
    def _makers(self) -> dict[str, tuple[str, str | None]]:
        """Who makes a product that the lexicon does not know, as the text says."""
        return makers_told(self.doc, self._relations)

    @cached_property
    def _offices(self) -> frozenset[str]:
        """Names that the text gives to authorities."""
        return offices(self.doc)

    @cached_property
    def _firms(self) -> frozenset[str]:
        return shown_as_firms(self.doc) - {s.lower() for s in self._speakers}

    @cached_property
    def _speakers(self) -> frozenset[str]:
        """People who are quoted."""
        return frozenset(q.speaker for q in self.quotes if q.speaker and q.speaker_kind == "person")

    @cached_property
    def _states(self) -> dict[int, Actor]:
        """Countries by each of their tokens: as parties they act and answer like authorities."""
        named = [s for s in self.doc.places if s.text in countries()]
        return {i: Actor(start=s.start, end=s.end, name=s.text, kind="authority") for s in named for i in s.numbers}

    @cached_property
    def _short_products(self) -> dict[str, Actor]:
        """Makers by the last word of products that the text names in full: "Teams" after "Microsoft Teams"."""
        found = {}
        for span in {s.text: s for s in self.doc.entities if s.label_ == "PROJECT" and len(s) > 1}.values():
            actor = self._of_span(span)
            if actor is not None and actor.product is not None:
                found[span[-1].text] = actor
        return found

    @cached_property
    def _actor_at(self) -> dict[int, Actor]:
        """Every named actor of the Doc by its first token."""
        found, end = dict[int, Actor](), -1
        for i, word in enumerate(self.doc.words):
            if i < end or not (word[:1].isupper() or i in self._at):
                continue
            token, span = self.doc.tokens[i], self._at.get(i)
            actors = self._bare_name(token) if span is None else [] if span.label_ == "RULE" else [self._of_span(span)]
            for actor in actors:
                if actor is not None:
                    found[actor.start] = actor
                    end = actor.end
        return found

    def _longer(self, token: Token) -> list[Actor]:
        """The actor whose name the model cut short before the token: "Mutual" of "Great Orvane Mutual"."""
        before = self.named(max(token.i - _CUT, 0), token.i)[-1:]
        return [a for a in before if a.end > token.i]

    @cached_property
    def _starts(self) -> list[int]:
        return sorted(self._actor_at)

    @cached_property
    def mentions(self) -> Mentions:
        """The named actors in the order of the text."""
        return Mentions(self._actor_at.values(), self.doc)

    def _split(self, span: Entity) -> list[Actor]:
        """The actor of an entity; two if the model took "A and B" for one name."""
        if (known := self._of_spans.get(span.start)) is None:
            known = self._of_spans[span.start] = self._halves(span)
        return known

    def _halves(self, span: Entity) -> list[Actor]:
        actor = self._of_span(span)
        if actor is None or actor.entity is not None:
            return [actor] if actor is not None else []
        return [replace(actor, start=s.start, end=s.end, name=s.text) for s in two_names(span)] or [actor]

    def _of_span(self, span: Entity) -> Actor | None:
        slug = span.kb_id_ or None
        if slug is None and span.end_char <= self.doc.body_start and span.text not in self._bare.body_text:
            return None  # a capital of the headline, not a name
        if slug is None and (is_no_party(span) or (len(span) == 1 and self._bare.is_common(span[0]))):
            return None
        if slug is None and (self._bare.is_in_passing(span.start, span.end) or self._bare.is_where(span.text)):
            return None
        if slug is None and len(span) == 1 and (maker := self._short_products.get(span.text)) is not None:
            return replace(maker, start=span.start, end=span.end)
        kind = "company" if span.label_ == "ORG" else span.label_.lower()  # one of unknown kind acts as firms do
        name, start, end = span.name or span.text, span.start, span.end
        if slug is None and start and self._bare.is_part_of(span, self.doc[start - 1]):
            start, name = start - 1, f"{self.doc[start - 1].text} {name}"
        name = without_title(name) if kind == "person" else name if slug else without_seat(name, self.doc.text)
        if slug is None and name == span.text and self._bare.goes_on(span):
            end, name = end + 1, f"{name} {self.doc[end].text}"
        if slug is None and (last := self._bare.partner_end(end)) > end:
            end, name = last, f"{name} {self.doc.between(end, last)}"
        actor = Actor(start=start, end=end, name=name, kind=kind, entity=slug)
        if slug is None and name in self._makers:
            maker_name, maker_slug = self._makers[name]
            return replace(actor, name=maker_name, kind="company", entity=maker_slug, product=name)
        if slug is None and kind == "person" and (span[-1].text in _FIRM_WORDS or name.lower() in self._firms):
            return replace(actor, kind="company")
        if slug is None and self._bare.is_region(start):
            return replace(actor, kind="office")
        if slug is None and (name in known_places() or name in self._offices or _OFFICIAL.search(name)):
            return replace(actor, kind="authority")
        if kind != "project":
            return actor
        record, owner = self.lexicon.get(slug), self.lexicon.owner_of(slug)
        if owner is None or (record is not None and record.subkind == "platform"):
            return actor  # a platform acts in its own name
        return replace(actor, name=owner.name, kind=owner.kind, entity=owner.slug, product=name)

    def _bare_name(self, token: Token) -> list[Actor]:
        """A proper noun that no one knows: "Quillmere Labs"."""
        words = self._bare.at(token)
        if words is None or (len(words) == 1 and any(c.lower_ in ("a", "an") for c in token.children)):
            return []  # "a Larkmoor letting agent"
        words = self.doc[words.start : self._bare.partner_end(words.end)]
        start, end = words.start, words.end
        if len(words) == 1 and (maker := self._short_products.get(words.text)) is not None:
            return [replace(maker, start=start, end=end)]
        if (maker_of := self._makers.get(words.text)) is not None:
            name, slug = maker_of
            return [Actor(start=start, end=end, name=name, kind="company", entity=slug, product=words.text)]
        name = without_title(words.text)
        is_person = len(words) > 1 and (
            name != words.text or words[0].text in given_names() or words.text in self._speakers
        )
        kind = "office" if self._bare.is_region(start) else "person" if is_person else "name"
        return [Actor(start=start, end=end, name=name, kind=kind)]
