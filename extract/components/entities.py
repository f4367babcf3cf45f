"""Companies, projects, people, authorities, outlets and rules: found, linked, named."""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components.bodies import bodies_again, no_organisations
from extract.components.coined import camels, openings, outlets_again, products, repeated, shortened
from extract.components.false_friends import FalseFriends
from extract.components.firms import without_guesses
from extract.components.found import Found, Grid, Names
from extract.components.known import KnownNames, first_meaning
from extract.components.makers import makers
from extract.components.mended import model_names
from extract.components.people import by_given_name, by_role, surnames, with_roles
from extract.components.relations import relations
from extract.components.shapes import ShapedNames, acronyms
from extract.components.tree import Tree
from extract.components.unseen import UnseenNames
from extract.components.words import LISTED, plain_words
from extract.vocabulary import Lexicon


@Language.factory("blotter_entities", requires=["doc.ents"], assigns=["doc.spans"])
def make_entities(nlp: Language, name: str) -> "EntityFinder":
    return EntityFinder(nlp)


# Rules that tell the kind of a name whatever the model says of it elsewhere.
_SURE = frozenset(
    {
        "rule:apposition",
        "rule:apposition-body",
        "rule:code-name",
        "rule:legal-form",
        "rule:noun-after",
        "rule:noun-before",
        "rule:noun-before-body",
        "rule:project",
    }
)


_PEOPLE = frozenset({"Doctors", "Lawyers", "Parents", "Reporters", "Students", "Teachers", "Veterans", "Workers"})


class EntityFinder:
    """Fills the ``doc.spans`` "entities", "makers" and "places": the lexicon first, then rules, then the model."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._shapes = ShapedNames()

    def use_lexicon(self, lexicon: Lexicon) -> None:
        """Take the names to look for; once, before the first Doc."""
        self._lexicon = lexicon
        self._plain = plain_words(self._nlp)
        self._known = KnownNames(self._nlp, lexicon, self._plain)
        self._false_friends = FalseFriends(lexicon, self._plain)
        self._unseen = UnseenNames(lexicon)

    def __call__(self, doc: Doc) -> Doc:
        grid, names = Grid(doc), Names()
        candidates = list(self._known.candidates(grid.tree))
        others = self._false_friends(grid.tree, candidates)
        known = first_meaning(grid.tree, self._known(grid, [c for c in candidates if c[1:] not in others]))
        unseen = list(self._unseen(grid))
        shaped = [f for f in self._shapes.organisations(grid) if not _is_within(f, known) and not _is_people(f, known)]
        names.add([*known, *shaped, *(f for f in unseen if f.method == "rule:version")])
        names.add(unseen)
        for maker, product in products(grid, names):
            names.replace(maker, [product])
        names.add(self._shapes.places(grid))
        names.add(camels(grid))
        names.add(list(acronyms(grid, names)))
        names.add(f for f in openings(grid, names, self._plain) if (f.start, f.end) not in others)
        names.add(_as_person(f, others) for f in model_names(grid) if self._is_believed(f, others))
        names.add(by_given_name(grid))
        names.add(list(acronyms(grid, names)))
        by_role(grid, names)
        _settle(names)
        _settle_places(names)
        for found in list(no_organisations(grid, names)):
            names.replace(found, [])
        names.add(list(repeated(grid, names)))
        for found, body in list(bodies_again(names)):
            names.replace(found, [body])
        for found, firm in list(shortened(names, self._plain)):
            names.replace(found, [firm])
        for paper in list(outlets_again(grid, names)):
            _put_alone(names, paper)
        _drop_from_title(names, grid)
        with_roles(grid, names)
        for surname in list(surnames(grid, names)):
            _put_alone(names, surname)
        entities = _write(doc, names)
        doc.spans["makers"] = list(makers(entities, self._lexicon))
        doc._.owners = self._owners(entities)
        doc._.relations = relations(grid, entities)
        doc._.owners = doc._.owners | {
            r.object_entity or r.object: r.subject_entity or r.subject for r in doc._.relations
        }
        settled = list(without_guesses(entities, doc._.relations, grid.text, self._plain))
        doc.spans["entities"] = settled
        grid.tree.take_names(settled, doc.spans["places"])
        return doc

    def _is_believed(self, found: Found, others: Container[tuple[int, int]]) -> bool:
        """Whether what the model found is not an ambiguous name whose meaning the text has not shown."""
        if found.label != "PERSON" and (found.start, found.end) in others:
            return False
        if found.label == "PERSON" or found.name not in self._lexicon.names:
            return True
        return found.label == "COMPANY" and found.name.lower() not in self._plain

    def name_test(self, title: str) -> Callable[[int, int], bool]:
        """Whether the word between two characters of a title is, or is part of, a name that the lists have."""
        tree = Tree(self._nlp.make_doc(title))
        known = [tree[start:end] for _, start, end in self._known.candidates(tree)]
        taken = [(name.start_char, name.end_char) for name in known]

        def is_name(start: int, end: int) -> bool:
            word = title[start:end].removesuffix("'s").removesuffix("’s")
            return word in LISTED or any(a <= start and start + len(word) <= b for a, b in taken)

        return is_name

    def _owners(self, entities: list[Span]) -> dict[str, str]:
        """The lexicon's owner of everything in the text that has one."""
        slugs = {span.kb_id_ for span in entities if span.kb_id_ and span.label_ != "PERSON"}
        return {slug: owner.slug for slug in slugs if (owner := self._lexicon.owner_of(slug))}


def _as_person(found: Found, others: Mapping[tuple[int, int], bool]) -> Found:
    """What the model found, a person if a false friend of a firm is the surname in it: Nikola Tesla."""
    is_person = found.end - found.start > 1 and others.get((found.end - 1, found.end), False)
    return replace(found, label="PERSON") if is_person else found


def _is_within(found: Found, others: list[Found]) -> bool:
    return any(o.start <= found.start and found.end <= o.end for o in others)


def _is_people(found: Found, known: list[Found]) -> bool:
    """Whether it is some people of a body that is known: students of Cornell University are no body."""
    return found.name.split()[0] in _PEOPLE and any(o.start == found.start + 2 and o.end == found.end for o in known)


def _settle(names: Names) -> None:
    """What a rule, or the model of a full name of a person, says once of a name holds everywhere in the article."""
    said = {f.name: f for f in names.sorted({"PERSON"}) if " " in f.name}
    said |= {f.name: f for f in names.sorted() if f.method in _SURE}
    for found in names.sorted():
        if (
            found.method in ("model", "rule:opening", "rule:spelling")
            and (sure := said.get(found.name))
            and sure.label != found.label
        ):
            names.replace(found, [replace(found, label=sure.label, method=sure.method)])


def _drop_from_title(names: Names, grid: Grid) -> None:
    """A name that the headline alone has is none, unless the lexicon knows it: capitals mean little there."""
    start = grid.tree.body_start
    if not start:
        return
    in_body = {f.name for f in names.sorted() if grid.starts[f.start] >= start}
    for found in names.sorted():
        if grid.starts[found.start] < start and found.method != "lexicon" and found.name not in in_body:
            names.replace(found, [])


def _settle_places(names: Names) -> None:
    """The place of a dateline, or of "Parliament of X", is no firm and no person elsewhere in the article."""
    towns = {f.name.casefold() for f in names.sorted({"GPE"}) if f.name.isupper() and len(f.name) > 3}
    towns |= {f.name.rpartition(" of ")[2].casefold() for f in names.sorted({"AUTHORITY"}) if " of " in f.name}
    for found in names.sorted({"COMPANY", "PERSON"}):
        if found.method in ("model", "rule:opening") and found.name.casefold() in towns:
            names.replace(found, [replace(found, label="GPE")])


def _put_alone(names: Names, word: Found) -> None:
    """Link a surname or a paper's last word where nothing stands, or where the model alone said what it is."""
    there = names.overlapping(word.start, word.end)
    if not there:
        names.add([word])
    elif len(there) == 1 and there[0].method in ("model", "rule:opening") and there[0].end - there[0].start == 1:
        names.replace(there[0], [word])


def _write(doc: Doc, names: Names) -> list[Span]:
    """Put the names on the Doc; the entities among them, for a Doc makes each span anew whenever it is asked."""
    entities: list[Span] = []
    places: list[Span] = []
    for found in names.sorted():
        span = Span(doc, found.start, found.end, label=found.label, kb_id=found.slug)
        own = span._  # made anew each time it is asked for
        own.name, own.method = found.name, found.method
        if found.is_public:
            own.is_public = True
        if found.role or found.affiliation:
            own.role, own.affiliation = found.role, found.affiliation
        (places if found.label == "GPE" else entities).append(span)
    doc.spans["entities"], doc.spans["places"] = entities, places
    return entities
