"""Names that no component found: runs of capitals in the body that are somebody, not a heading or a common noun."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property

from extract.components.tree import Entity, Stretch, Token, Tree
from extract.components.unnamed import OFFICE_NOUNS, ORGANISATION_NOUNS, PERSON_NOUNS
from extract.components.word_lists import word_set
from extract.components.words import demonyms, places, titles

_LEGAL_WORDS = word_set("roles_legal_words")
_CROWDS = word_set("roles_crowds")
_CURRENCIES = word_set("roles_currencies")
_TITLES = frozenset(t.lower() for t in titles()) | {"chairman", "chairwoman", "chair", "plaintiff", "suspect"}
_NO_NAME_ALONE = ORGANISATION_NOUNS | PERSON_NOUNS | _CURRENCIES | _TITLES
_PICTURES = frozenset({"photo", "photos", "images", "image", "picture", "file"})
_NO_NAME = word_set("roles_no_name")
_REGIONS = word_set("roles_regions")

_LAWS = frozenset({"act", "bill", "convention", "directive", "list", "ordinance", "regulation", "statute", "treaty"})
_RUNNING_ON = frozenset({"are", "be", "can", "could", "has", "have", "is", "may", "the", "was", "will", "your"})
_LONGEST = 7  # words of a firm's name
_CROWD_NAMES = frozenset({"big tech", "silicon valley", "wall street", "fleet street", "hollywood"})
# What a report begins with, and what stands before a word for a place.
_DATELINE = re.compile(r"((?:[^\W\d_a-z]{3,}[ -]?)+)(?=\.\s|,| \(| [-–—])")
_ZONE = re.compile(
    r"\b[Tt]he ((?:[A-Z][\w’'-]+ ){1,3})(?:free |industrial |trade |business |harbour )?"
    r"(?:airport|area|district|estate|neighbou?rhood|peninsula|port|province|quarter|region|suburb|valley|zone)\b"
)
# Where somebody lives: "Fergal Noonan, from Larchmoor,", and "a Larchmoor driver", if nothing else has the name.
_HOME = re.compile(
    r"[a-z], (?:(?:who (?:is|lives|comes) )?from|of|living in|a resident of) ((?:[A-Z][\w’'-]+ ?){1,3})(?=[,.])"
)
_DRIVER = re.compile(r"\b[Aa]n? ((?:[A-Z][\w’'-]+ ){1,2})([a-z][\w-]+)")
_LOCALS = PERSON_NOUNS | ORGANISATION_NOUNS - word_set("bare_names_of_firms")
# The short form of a law, in brackets after its name.
_A_LAW = re.compile(
    r"\b(?:Act|Agreement|Bill|Code|Convention|Directive|Framework|Law|Programme|Regulation|Standard|Treaty)s? \((\w+)\)"
)


class BareNames:
    """The capitals of one Doc; ``found``: tokens that other components took for names."""

    def __init__(self, doc: Tree, found: AbstractSet[int], plain: frozenset[str]) -> None:
        self.doc, self._at, self._plain = doc, found, plain
        self._names: dict[int, bool] = {}
        known = known_places()
        self._places = {i for s in doc.places if s.text in known for i in s.numbers}

    def at(self, token: Token) -> Stretch | None:
        """The whole name that the token is part of, or ``None`` if it is none."""
        if not self.is_name(token):
            return None
        tokens, start, end = self.doc.tokens, token.i, token.i
        if start > 1 and tokens[start - 1].text == "&" and self.is_name(tokens[start - 2]):
            start -= 2
        while start > 0 and (self.is_name(tokens[start - 1]) or self.is_forename(tokens[start - 1])):
            start -= 1
        while end + 1 < len(tokens) and self.is_name(tokens[end + 1]):
            end += 1
        words = self.doc.between(start, end + 1)
        if token.i < self.doc.first_of_body and words not in self.body_text:
            return None
        if self.is_in_passing(start, end + 1):
            return None
        if not any(c.isalpha() for c in words) or not words[0].isupper():
            return None
        span = self.doc[start : end + 1]
        is_none = is_no_name(self.doc.lower[start : end + 1]) or self.is_plain(span) or self.is_where(span.text)
        return None if is_none else span

    def partner_end(self, end: int) -> int:
        """Where "Hollin & Daughters" ends if its first name ends at a token; that token if no other name follows."""
        if end + 1 >= len(self.doc) or self.doc[end].text != "&" or not self.doc[end + 1].text.istitle():
            return end
        end += 2
        while end < len(self.doc) and self.is_name(self.doc[end]):
            end += 1
        return end

    def is_where(self, name: str) -> bool:
        """Does the text show the name to be a place's: "the Oldwick Bay free zone", "OLDWICK. The court has"?"""
        return name.lower() in self._wheres

    @cached_property
    def _wheres(self) -> frozenset[str]:
        body = self.doc.text[self.doc.body_start :]
        dateline = _DATELINE.match(body)
        found = [match[1] for match in _ZONE.finditer(body)] + ([dateline[1]] if dateline is not None else [])
        found += [match[1] for match in _HOME.finditer(body)]
        found += [m[1] for m in _DRIVER.finditer(body) if m[2] in _LOCALS and _is_once(m[1].strip(), body)]
        return frozenset(name.strip().lower() for name in found)

    def is_part_of(self, span: Entity, before: Token) -> bool:
        """A capital before a name that the model cut short."""
        return (
            before.dep_ == "compound"
            and span.start <= before.head.i < span.end
            and (not before.is_sent_start or before.pos_ == "PROPN")
            and self.is_name(before)
        )

    def goes_on(self, span: Entity) -> bool:
        """A capital behind a name that is its head: "Recovery" of "Marlund Recovery"."""
        last = span[-1]
        return (
            last.dep_ == "compound"
            and last.head.i == span.end
            and last.head.pos_ == "PROPN"
            and span.end not in self._at
            and last.head.lower_ not in _REGIONS
            and self.is_name(last.head)
        )

    def is_in_passing(self, start: int, end: int) -> bool:
        """Half of "Rhine-Westphalia" or "Price-Comparison", or the one to whom a picture is credited: "X | Agency"."""
        doc, tokens, words = self.doc, self.doc.tokens, self.doc.words
        last, after = (words[start - 1] if start > 1 else ""), (words[end] if end < len(words) else "")
        if after.startswith("|") or after.lower() in _PICTURES:
            return True
        if last.endswith("-") and not tokens[start - 1].whitespace_:
            before = doc.between(start - 2, start)
            if len(before) > 1 and before[0].isupper():
                return True
        if after.startswith("-") and not tokens[end - 1].whitespace_ and doc.between(end, end + 2)[1:2].isupper():
            return True
        return bool(self._laws) and doc.between(start, end) in self._laws

    @cached_property
    def _laws(self) -> frozenset[str]:
        """Short forms of laws that stand in brackets after their names."""
        return frozenset(_A_LAW.findall(self.doc.text))

    def is_region(self, start: int) -> bool:
        """ "the state of Larch": a place, whatever the model takes it for."""
        return start > 1 and self.doc[start - 1].lower_ == "of" and self.doc[start - 2].lower_ in _REGIONS

    def is_plain(self, words: Stretch) -> bool:
        """Everyday words with capitals that the text writes once: "Big Tech", "The Communication"."""
        is_everyday = all(t.lower_ in self._plain or not t.is_alpha for t in words)
        around = {self.doc[i].lower_ for i in (words.start - 1, words.end) if 0 <= i < len(self.doc)}
        is_heading = bool(around & {"and", "&", ","})  # "Online Markets and Fair Prices"
        if len(words) == 1 and is_everyday and "the" in around and self.doc[words.start - 1].lower_ == "the":
            return True  # "the Communication", of whatever it was called before
        if len(words) > 1 and not words[0].is_sent_start and not is_heading and is_everyday:
            return words.text.lower() in self.body_text  # two capitals inside a sentence
        return is_everyday and self.body_text.count(words.text) < 2

    def is_common(self, token: Token) -> bool:
        """A capital for its place, not a name: a noun for people, or a word that the text has in small letters."""
        low = token.lower_
        if (
            low in _CROWDS
            or low in PERSON_NOUNS
            or low in OFFICE_NOUNS
            or (low in ORGANISATION_NOUNS and self._is_placed(token))
        ):
            return True
        return (
            self._is_placed(token)
            and token.text not in self._capitals
            and (low in self._small or low + "s" in self._small)
        )

    def _is_placed(self, token: Token) -> bool:
        """Whether any word has a capital where the token stands."""
        return bool(token.is_sent_start) or token.i < self.doc.first_of_body

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(word for word in set(self.doc.words) if word.isalpha() and word.islower())

    @cached_property
    def _capitals(self) -> frozenset[str]:
        """Words that the body writes with a capital inside its sentences and never without: names."""
        body = self.doc.words[self.doc.first_of_body :]
        each = set(body)
        small = {word for word in each if word.isalpha() and word.islower()}
        names = {w for w in each if len(w) > 3 and w.istitle() and w.isalpha() and w.lower() not in small}
        return frozenset(w for i, w in enumerate(body, self.doc.first_of_body) if w in names and self._is_inside(i))

    def _is_inside(self, i: int) -> bool:
        """Whether a word stands where it has a capital of its own, and is none of the commonest."""
        token = self.doc.tokens[i]
        return i > 0 and not token.is_sent_start and self.doc.words[i - 1] not in "“\"‘'(:" and not token.is_stop

    @cached_property
    def body_text(self) -> str:
        return self.doc.text[self.doc.body_start :]

    def is_name(self, token: Token) -> bool:
        if (known := self._names.get(token.i)) is None:
            known = self._names[token.i] = self._is_name(token)
        return known

    def _is_name(self, token: Token) -> bool:
        return (
            (token.pos_ == "PROPN" or token.text in self._capitals)
            and not self.is_common(token)
            and token.i not in self._at
            and token.i not in self._places
            and token.lower_ not in _NO_NAME
            and token.text[:1].isupper()
            and token.text not in known_places()
            and token.ent_type_ not in ("DATE", "TIME", "ORDINAL", "CARDINAL", "LANGUAGE")
            and (token.ent_type_ not in ("LAW", "MONEY") or _is_before_sum(token))
        )

    def is_forename(self, token: Token) -> bool:
        """A capital that the model takes for a noun, before a name."""
        if token.text in known_places():
            return token.dep_ == "compound" and token.head.pos_ == "PROPN" and token.i not in self._at
        return (
            token.text.istitle()
            and token.dep_ == "compound"
            and not token.is_sent_start
            and token.pos_ == "NOUN"
            and token.i not in self._at
        )


def _is_once(name: str, text: str) -> bool:
    """Does a text have the name once, other than as part of longer ones?"""
    return len(re.findall(rf"\b{re.escape(name)}\b(?! [A-Z])", text)) == 1


def _is_before_sum(token: Token) -> bool:
    """ "fined Corbelstone 900,000 dollars": a name that the model takes for part of the sum."""
    is_next = token.i + 1 < len(token.doc) and (token.nbor(1).like_num or token.nbor(1).is_currency)
    return is_next and token.text.istitle() and len(token) > 3 and token.lower_ not in _CURRENCIES


def is_no_party(span: Stretch) -> bool:
    """What the model takes for a firm and is a law, a month or a headline that runs on: "Penalties Can Be Costly"."""
    last = span[-1].lower_
    return (
        last in _LAWS
        or len(span) > _LONGEST
        or (len(span) == 1 and (last in _NO_NAME or last in _TITLES or len(last) == 1))
        or any(t.text.istitle() and t.lower_ in _RUNNING_ON for t in list(span)[1:])
    )


def is_no_name(words: Sequence[str], *, is_firm: bool = False) -> bool:
    """Capitals of a heading, a defined term or a picture credit, not somebody: "Damage Claims", "the Company", "KRW".

    A firm of which the text says that it is one may sell pictures.
    """
    return (
        " ".join(words) in _CROWD_NAMES
        or not _LEGAL_WORDS.isdisjoint(words)
        or (not is_firm and words[-1] in _PICTURES)
        or (len(words) == 1 and (words[0] in _NO_NAME_ALONE or len(words[0]) == 1))
    )


@cache
def known_places() -> frozenset[str]:
    """Names and adjectives of place: the model calls many an unknown company a place, and the other way round."""
    return places() | demonyms()


def two_names(span: Entity) -> list[Stretch]:
    """The halves of what the model took for one name, "A and B"; empty if it is one: "Hale and Associates"."""
    parts = [t.i for t in span if t.lower_ == "and"]
    if len(parts) != 1 or span.method != "model":
        return []
    first, second = span.doc[span.start : parts[0]], span.doc[parts[0] + 1 : span.end]
    is_whole = second.text in ("Associates", "Brothers", "Co", "Company", "Partners", "Sons") or len(second) > 1
    if is_whole and span.doc.text.count(second.text) == span.doc.text.count(span.text):
        return []  # "the Transparency and Consent Framework"
    return [first, second]
