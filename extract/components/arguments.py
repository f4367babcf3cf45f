"""Where a frame's parties stand: by the parse, and by the order of the words where a headline breaks it."""

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.frames import FrameBook, Trigger
from extract.components.holders import PLACES, is_of_the_payer, of_the_thing
from extract.components.roles import Cast
from extract.components.tree import Stretch, Token, Tree
from extract.components.unnamed import is_crowd
from extract.components.word_lists import word_set
from extract.components.words import countries

_FACES = frozenset({"face", "faced", "faces", "facing"})
_PREPOSITIONS = word_set("arguments_prepositions")
_PASSIVE_FOLLOWERS = word_set("arguments_passive_followers") | {"", ",", ".", ":", ";", "-"}
_LETS = word_set("arguments_lets")
_SAYS = word_set("status_says") | word_set("status_alleges") | word_set("status_finds")
_BEFORE_SUM = word_set("arguments_before_sum")
_BESIDE = frozenset({"dobj", "npadvmod"})
_HOLDS = frozenset({"find", "finds", "found", "held", "judged"})
_HIT = word_set("arguments_hit")
_REACH = 7  # tokens a name may stand from its trigger where the parse fails


class Finder:
    """Finds actors in the places that frames name, within one sentence."""

    def __init__(self, doc: Tree, cast: Cast, book: FrameBook, in_title: bool, sentence: Stretch) -> None:
        self.doc, self.cast, self.book, self.in_title, self.sentence = doc, cast, book, in_title, sentence

    def at(self, trigger: Trigger, place: str) -> list[Actor]:
        """The actors in that place; empty if there are none."""
        if place in _PREPOSITIONS:
            return self._after_preposition(trigger, place)
        method = {
            "subject": self._subject,
            "object": self._object,
            "clause": self._clause,
            "possessor": self._possessor,
            "sides": self._sides,
            "giver": self._giver,
            "after": self._next_after,
            "before": self._nearest_before,
            "object-after": self._next_after,
            "subject-defendant": self._subject,
            "passive-subject": self._passive_subject,
            "winner": self._winner,
        }.get(place)
        if method is None and place in PLACES:
            return PLACES[place](self.cast, trigger)
        return method(trigger) if method is not None else []

    def is_open(self, trigger: Trigger) -> bool:
        """Is the party that the trigger needs left out, a pronoun or a mere description?"""
        if trigger.kind != "verb":
            return not any(is_crowd(noun) for noun in syntax.after_preposition(trigger.root, "against"))
        if _PREPOSITIONS.intersection(trigger.frame.violator[:1]):
            return True
        is_object = trigger.frame.violator[:1] == ("object",) or trigger.frame.violator[:1] == ("account-holder",)
        target = syntax.done_to(trigger.root) if is_object else syntax.doer(trigger.root)
        if target is None:
            return not is_object
        return target.pos_ == "PRON" or (
            target.pos_ == "NOUN"
            and any(c.lower_ in ("the", "this", "its", "such") for c in target.children)
            and target.ent_type_ == ""
        )

    def _subject(self, trigger: Trigger) -> list[Actor]:
        root = trigger.root
        is_verb = root.pos_ in ("VERB", "AUX") and root.lower_ != "according"
        if trigger.kind in ("phrase", "adverb", "adjective") and not is_verb:
            return self._subject_of_phrase(trigger)
        if self._is_headline_passive(trigger):
            return self._after_by(trigger)
        if self.in_title and self._is_matter(trigger):
            return []
        if trigger.kind == "adjective":  # "the scanner is adulterated": a state, whatever the parse makes of it
            return self.cast.actors(syntax.surface_subject(root))
        if trigger.kind == "verb" and root.pos_ not in ("VERB", "AUX"):
            return self._nearest_before(trigger)
        found = self.cast.actors(syntax.doer(root)) or self._subject_of_clause(root)
        if not found and (event := syntax.event_meant(syntax.surface_subject(root), root)) is not None:
            found = self.cast.actors(syntax.doer(event))
        subject = syntax.surface_subject(root)
        if not found and trigger.kind == "phrase" and root.dep_ == "relcl" and syntax.is_passive(root):
            above = syntax.governor(root.head)  # "sold it for a use that was never approved": who sold it
            found = self.cast.actors(syntax.doer(above)) if above is not None else []
        if (
            not found
            and not syntax.is_passive(root)
            and not _has_own_subject(root)
            and (subject is None or (self.in_title and subject.pos_ != "NOUN"))
        ):
            found = self._nearest_before(trigger)
        if not found and subject is not None and subject.lower_ in ("both", "each"):
            last = self.cast.named(self.sentence.start, subject.i)[-1:]
            found = self.cast.row_with(last[0].start) if last and last[0].end == subject.i else []
        if not found and self.in_title and syntax.is_passive(root):
            found = self._after_by(trigger)
        if not found and trigger.kind == "phrase" and trigger.frame.status == "under_investigation":
            main = root.sent.root
            found = self.cast.actors(syntax.doer(main)) if main.pos_ == "VERB" and main.i < root.i else []
        return found

    def _is_matter(self, trigger: Trigger) -> bool:
        """ "X sues Y over data scraping": the deed that another word of the headline is about."""
        before = self.doc[max(self.sentence.start, trigger.start - 4) : trigger.start]
        return trigger.root.lower_.endswith("ing") and any(t.lower_ in ("over", "for", "about") for t in before)

    def _subject_of_clause(self, root: Token) -> list[Actor]:
        """Of the verb above, where the parse joins a second verb to a noun: "X bought it and broke"."""
        if root.dep_ != "conj" or root.head.pos_ in ("VERB", "AUX") or syntax.surface_subject(root) is not None:
            return []
        above = next((t for t in root.head.ancestors if t.pos_ in ("VERB", "AUX")), None)
        return self.cast.actors(syntax.doer(above)) if above is not None else []

    def _subject_of_phrase(self, trigger: Trigger) -> list[Actor]:
        t = trigger.root
        if (own := syntax.child(t, "nsubj", "nsubjpass")) is not None and (found := self.cast.actors(own)):
            return found
        for _ in range(4):
            if t.dep_ == "ROOT":
                break
            t = t.head
            if (
                t.pos_ in ("NOUN", "PROPN", "PRON")
                and trigger.root.dep_ in ("prep", "acl", "amod", "appos")
                and (found := self.cast.actors(t))
            ):
                return found
            if t.pos_ in ("VERB", "AUX"):
                if (found := self._answerable(trigger, t)) or (trigger.kind == "adverb" and self._is_blaming(t)):
                    return found  # nobody for "wrongly fined": the deed is the fine
                break
        return self._nearest_before(trigger) if self.in_title or t.dep_ == "ROOT" else []

    def _answerable(self, trigger: Trigger, verb: Token) -> list[Actor]:
        """Whose deed it is that a phrase on the verb speaks of: the accused of "accuses", the doer of others."""
        if verb.lower_ in _SAYS and (said := syntax.child(verb, "ccomp")) is not None and said.i < verb.i:
            verb = said  # "X gathers data, the agency says, in violation of": what X does
        if verb.dep_ in ("ccomp", "xcomp") and verb.head.lower_ in _LETS:
            verb = verb.head  # "let children in, in violation of": who lets them
        if self._is_blaming(verb):
            return self.cast.actors(syntax.done_to(verb)) if trigger.kind != "adverb" else []
        held = syntax.child(verb, "dobj") if verb.lower_ in _HOLDS else None  # "found him in breach of"
        found = self.cast.actors(held or syntax.doer(verb))
        if not found and syntax.is_passive(verb):
            found = self.cast.actors(syntax.surface_subject(verb))
        return found

    def _is_blaming(self, verb: Token) -> bool:
        """Has the verb whom it blames as its object: accuse, fine, sue?"""
        blaming = (f for f, k in self.book.words.get(verb.lower_, ()) if k == "verb" and f.violator[:1] == ("object",))
        return any(f.with_words is None or f.with_words.search(self.sentence.small) for f in blaming)

    def _object(self, trigger: Trigger) -> list[Actor]:
        root = trigger.root
        if (
            root.pos_ not in ("VERB", "AUX")
            and (verb := syntax.governor(root)) is not None
            and trigger.kind == "phrase"
        ):
            return self.cast.actors(syntax.done_to(verb))
        if self.in_title and trigger.kind == "verb":
            return self._object_in_title(trigger)
        if trigger.kind == "verb" and root.pos_ == "ADJ":
            return (
                self.cast.actors(syntax.surface_subject(root.head))
                if root.head.pos_ == "AUX"
                else self._nearest_before(trigger)
            )
        if not syntax.is_passive(root) and trigger.kind == "verb" and (found := self._adjacent(trigger)):
            return found
        target = syntax.done_to(root)
        found = self.cast.actors(target)
        if not found and target is not None and target.dep_ == "dobj":  # "cut off one of its customers, the start-up X"
            beside = [c for c in root.children if c.dep_ in _BESIDE and c.i > target.i and c.pos_ == "PROPN"]
            found = self.cast.actors(beside[0]) if beside else []
        if not found and target is None and trigger.kind == "verb":
            found = self._aim(trigger) or self._next_after(trigger, 5)
        if not found and root.tag_ == "VBN" and root.dep_ in ("acl", "amod", "advcl"):
            found = self.cast.actors(root.head)
        return found

    def _adjacent(self, trigger: Trigger) -> list[Actor]:
        """The name right after the verb, whatever the parse makes of it; with those listed after it."""
        if trigger.end >= self.sentence.end or self.doc[trigger.end].pos_ != "PROPN":
            return []
        named = self.cast.named(trigger.end, trigger.end + 1) or self.cast.actors(self.doc[trigger.end])
        if not named or (named[0].end < self.sentence.end and self.doc[named[0].end].text in ("'s", "’s", "'", "’")):
            return []
        last = self.doc[named[0].end - 1]
        if (
            last.dep_ == "compound"
            and last.head.pos_ == "NOUN"
            and last.head.dep_ in ("dobj", "nsubj")
            and last.head.ent_type_ not in ("MONEY",)
            and last.head.i == last.i + 1
        ):
            return []
        return self.cast.actors(last) or named

    def _object_in_title(self, trigger: Trigger) -> list[Actor]:
        """A headline's object; without one a past tense is a passive: "X fined over Y"."""
        if self._is_headline_passive(trigger):
            return self.cast.actors(syntax.surface_subject(trigger.root)) or self._nearest_before(trigger)
        target = syntax.done_to(trigger.root)
        if found := self.cast.actors(target) or self._aim(trigger):
            return found
        is_left_out = self._is_sum(trigger.end)  # "Watchdog fines €3m after worker dies"
        return (
            self._next_after(trigger, _REACH) if not is_left_out and (target is None or target.pos_ != "NOUN") else []
        )

    def _aim(self, trigger: Trigger) -> list[Actor]:
        """ "sued to block X's takeover of Y": the one whose plan it is."""
        clause = syntax.child(trigger.root, "xcomp", "advcl")
        target = syntax.child(clause, "dobj") if clause is not None and trigger.frame.id == "sue" else None
        if target is None:
            return []
        owner = syntax.child(target, "poss")
        return self.cast.actors(owner) if owner is not None else self.cast.named(trigger.end, target.i)[:1]

    def _is_headline_passive(self, trigger: Trigger) -> bool:
        """ "X fined over Y", "X sued by Z": a past tense in a headline with no object after it."""
        if not self.in_title or trigger.kind != "verb":
            return False
        word = self.doc[trigger.end - 1].lower_
        if not word.endswith(("d", "t", "en", "ung", "uck")) or (
            word.endswith(("nt", "rest", "indict", "ct")) and not word.endswith("ed")
        ):
            return False
        if syntax.is_passive(trigger.root):
            return True
        follower = self.doc[trigger.end].lower_.strip() if trigger.end < self.sentence.end else ""
        is_out = follower in ("off", "out") and word.endswith(("ed", "n", "uck"))  # "X thrown off Y"
        return is_out or self._is_sum(trigger.end) or follower in _PASSIVE_FOLLOWERS

    def _is_sum(self, start: int) -> bool:
        word = self.doc[start].lower_.strip() if start < self.sentence.end else ""
        return word[:1] in tuple("$€£¥₩₹0123456789") or word in _BEFORE_SUM

    def _passive_subject(self, trigger: Trigger) -> list[Actor]:
        """ "X is alleged to have": only a passive's subject."""
        return self.cast.actors(syntax.surface_subject(trigger.root)) if syntax.is_passive(trigger.root) else []

    def _clause(self, trigger: Trigger) -> list[Actor]:
        clause = syntax.child(trigger.root, "ccomp")
        if clause is None:
            return []
        if syntax.is_passive(clause) and (by := self.cast.actors(syntax.agent(clause))):
            return by
        return self.cast.actors(syntax.clause_subject(trigger.root))

    def _possessor(self, trigger: Trigger) -> list[Actor]:
        for c in trigger.root.children:
            if c.dep_ in ("poss", "compound", "nmod") and c.i < trigger.start and (found := self.cast.actors(c)):
                if trigger.frame.id == "investigation" and (c.dep_ == "poss" or found[0].kind == "outlet"):
                    return []  # who investigates
                is_state = found[0].name in countries() and trigger.frame.status != "breach"
                return [
                    a for a in found if not is_state and (c.dep_ == "poss" or a.kind not in ("authority", "office"))
                ]
        return []

    def _after_preposition(self, trigger: Trigger, word: str) -> list[Actor]:
        for noun in syntax.after_preposition(trigger.root, word):
            if trigger.kind != "verb" and is_of_the_payer(noun):
                continue
            if found := of_the_thing(self.cast, noun, word):
                return found
        if word in ("against", "into") or (word, *trigger.frame.violator) == ("from", "from"):
            for t in self.doc[trigger.end : min(self.sentence.end, trigger.end + 14)]:
                if t.lower_ == word:
                    named = next((c for c in t.children if c.dep_ == "pobj"), None)
                    return self.cast.actors(named) or self._next_from(t.i + 1, 5)
                if t.dep_ == "ROOT" and not self.in_title:
                    break
        if word in ("for", "on") and self.in_title and trigger.kind == "noun":
            for t in self.doc[trigger.end : min(self.sentence.end, trigger.end + 3)]:
                if t.lower_ == word:
                    return self._next_from(t.i + 1, 1)
        return []

    def _sides(self, trigger: Trigger) -> list[Actor]:
        """Who gets the noun: the subject of "faces", the object of "hit with", the subject of "was handed"."""
        root = trigger.root
        verb = syntax.governor(root)
        if (
            verb is None
            or root.dep_ in ("nsubj", "nsubjpass")
            or (verb.pos_ not in ("VERB", "AUX") and not self.in_title)
        ):
            return self._sides_in_title(trigger) if self.in_title else []
        word = verb.lower_
        if word in self.book.give and (syntax.is_passive(verb) or self._is_hit_with(root, verb)):
            other = syntax.surface_subject(verb)
            return self.cast.actors(other) if other is not None and other.i != root.i else []
        if word in self.book.give:
            target = next(
                (
                    c
                    for c in verb.children
                    if c.dep_ in ("dobj", "dative", "iobj")
                    and c.i != root.i
                    and c.i not in [a.i for a in root.ancestors if a.dep_ == "dobj"]
                ),
                None,
            )
            if target is not None and (found := self.cast.actors(target)):
                return found
        if word in self.book.get or self._is_get_chain(verb):
            if syntax.is_passive(verb):
                return self.cast.actors(syntax.agent(verb))
            subject = syntax.surface_subject(verb)
            if subject is not None and subject.lower_ not in ("judge", "court", "regulator", "judges"):
                return [a for a in self.cast.actors(subject) if a.kind != "authority" or word in _FACES]
        return self._sides_in_title(trigger) if self.in_title else []

    def _is_hit_with(self, noun: Token, verb: Token) -> bool:
        return noun.dep_ == "pobj" and noun.head.lower_ == "with" and syntax.child(verb, "dobj") is None

    def _is_get_chain(self, verb: Token) -> bool:
        return any(c.lower_ in self.book.get for c in verb.children if c.dep_ == "xcomp")

    def _sides_in_title(self, trigger: Trigger) -> list[Actor]:
        """ "X hit with fine", "X faces probe": the verb before the noun tells whether the name before it gets it."""
        for t in reversed(self.doc[self.sentence.start : trigger.start]):
            word = t.lower_
            if word in self.book.get or (word in self.book.give and self._gets_in_title(t)):
                before = self.cast.named(self.sentence.start, t.i)
                between = self.cast.named(t.i + 1, trigger.start)
                if word in self.book.give and between and between[0].kind != "authority":
                    return between[:1]
                return before[-1:]
            if word in self.book.give:
                return []
        return []

    def _gets_in_title(self, verb: Token) -> bool:
        """ "X hit with fine", "X sent letter over data"; not "X sent letter to Y"."""
        if verb.lower_ == "sent":
            return not any(t.lower_ == "to" for t in self.doc[verb.i : self.sentence.end])
        return verb.lower_ in _HIT

    def _giver(self, trigger: Trigger) -> list[Actor]:
        verb = syntax.governor(trigger.root)
        if verb is None or verb.lower_ not in self.book.give:
            return []
        if self.in_title and self._gets_in_title(verb) and (verb.lower_ == "sent" or not syntax.child(verb, "dobj")):
            return []  # "X hit with fine", "X sent letter": X gets it
        if syntax.is_passive(verb):
            return self.cast.actors(syntax.agent(verb))
        subject = syntax.surface_subject(verb)
        if subject is None or subject.i == trigger.root.i or self._is_hit_with(trigger.root, verb):
            return []
        return self.cast.actors(subject)

    def _winner(self, trigger: Trigger) -> list[Actor]:
        """ "ruled in favour of X": whom the last word's own object names, and nobody farther off."""
        target = syntax.child(self.doc[trigger.end - 1], "pobj", "dobj")
        return self.cast.actors(target) if target is not None else self._next_after(trigger, 2)

    def _after_by(self, trigger: Trigger) -> list[Actor]:
        for t in self.doc[trigger.end : self.sentence.end]:
            if t.lower_ == "by":
                return self._next_from(t.i + 1, 3)
        return []

    def _next_after(self, trigger: Trigger, reach: int = _REACH) -> list[Actor]:
        return self._next_from(trigger.end, reach)

    def _next_from(self, start: int, reach: int) -> list[Actor]:
        """The names that follow, with those listed after the first."""
        end = min(self.sentence.end, start + reach)
        for t in self.doc[start:end]:
            if t.pos_ == "VERB" and not self.in_title:
                return []
            if found := self.cast.actors(t) if t.pos_ in ("PROPN", "NOUN") or self.cast.named(t.i, t.i + 1) else []:
                return found
        return []

    def _nearest_before(self, trigger: Trigger) -> list[Actor]:
        found = self.cast.named(self.sentence.start, trigger.start)
        if found and (self.in_title or trigger.start - found[-1].end <= _REACH):
            return [found[0] if self.in_title and found[0].kind != "authority" else found[-1]]
        if self.in_title:
            for t in self.doc[self.sentence.start : trigger.start]:
                if t.pos_ in ("PROPN", "NOUN") and (actors := self.cast.actors(t)):
                    return actors
        return []


def _has_own_subject(verb: Token) -> bool:
    """ "X finds that Y broke": nobody before "finds" stands for Y, however little is known of Y."""
    own = syntax.child(verb, "nsubj")
    return verb.dep_ == "ccomp" and verb.head.i < verb.i and own is not None and own.i > verb.head.i
