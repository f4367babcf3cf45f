"""A tree has of every token, and of every stretch of them, what spaCy has of it."""

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.tree import Tree
from extract.facts import Text
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_TITLE = "Quillmere Sues Tovira Over \u201cScraped\u201d Pictures"
_BODY = """HARBOUR CITY - The painter, the court said on 3 May, hadn't been asked, and so Tovira, its owner and
two of its former managers were told to pay $4.5m.

\u201cWe did nothing wrong,\u201d wrote Ms. Hale (of Tovira\u2019s board), who will appeal;  nobody else did ...

Start-ups, studios, banks and U.S. schools that it had sold them to must delete what they hold or face fines.
- What now?
- Which pictures, of whom, the company that it calls its partner has kept it would not say."""
_WORDS = ("text", "lower_", "tag_", "pos_", "dep_", "ent_type_", "whitespace_")
_SIGNS = (
    "i",
    "idx",
    "ent_iob_",
    "is_alpha",
    "is_punct",
    "is_space",
    "is_quote",
    "is_title",
    "is_stop",
    "is_currency",
    "like_num",
    "is_sent_start",
)
_TOKENS = ("head", "left_edge", "right_edge")
_ROWS = ("children", "lefts", "rights", "ancestors", "conjuncts", "subtree")
_LONGEST = 6


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_pipeline(load_lexicon())


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(document(nlp, Text(article_id=1, title=_TITLE, text=_BODY)))


@pytest.fixture(scope="module")
def tree(doc: Doc) -> Tree:
    return Tree(doc)


@pytest.mark.parametrize("name", [*_WORDS, *_SIGNS])
def test_tokens_have_their_words_and_signs(doc: Doc, tree: Tree, name: str) -> None:
    assert [getattr(t, name) for t in tree.tokens] == [getattr(t, name) for t in doc]


@pytest.mark.parametrize("name", _TOKENS)
def test_tokens_hang_on_each_other(doc: Doc, tree: Tree, name: str) -> None:
    assert [getattr(t, name).i for t in tree.tokens] == [getattr(t, name).i for t in doc]


@pytest.mark.parametrize("name", _ROWS)
def test_tokens_have_those_around_them_in_order(doc: Doc, tree: Tree, name: str) -> None:
    assert [[c.i for c in getattr(t, name)] for t in tree.tokens] == [[c.i for c in getattr(t, name)] for t in doc]


def test_every_stretch_has_its_text_and_its_head(doc: Doc, tree: Tree) -> None:
    edges = [(start, start + n) for start in range(len(doc)) for n in range(1, _LONGEST) if start + n <= len(doc)]
    found = [(s.text, s.start_char, s.end_char, s.root.i) for s in (tree[a:b] for a, b in edges)]
    assert found == [(s.text, s.start_char, s.end_char, s.root.i) for s in (doc[a:b] for a, b in edges)]


def test_sentences_and_text_are_the_same(doc: Doc, tree: Tree) -> None:
    assert tree.text == doc.text
    assert [(s.start, s.end) for s in tree.sents] == [(s.start, s.end) for s in doc.sents]
    assert [(t.sent.start, t.sent.end) for t in tree.tokens] == [(t.sent.start, t.sent.end) for t in doc]


def test_part_of_a_stretch_has_all_tokens_of_its_characters(doc: Doc, tree: Tree) -> None:
    for own, other in zip(tree.sents, doc.sents, strict=True):
        for start, end in ((0, 1), (1, 9), (3, len(own.text))):
            part = other.char_span(start, end, alignment_mode="expand")
            assert part is None or (own.part(start, end).start, own.part(start, end).end) == (part.start, part.end)


def test_names_keep_what_was_left_on_them(doc: Doc, tree: Tree) -> None:
    assert [(e.start, e.end, e.label_, e.name, e.method) for e in tree.entities] == [
        (s.start, s.end, s.label_, s._.name, s._.method) for s in doc.spans["entities"]
    ]
    assert tree.entities


def test_a_text_without_words_is_a_tree_without_tokens(nlp: Language) -> None:
    assert (Tree(nlp("")).tokens, Tree(nlp("")).sents, Tree(nlp("")).text) == ([], [], "")


def test_there_is_no_neighbour_before_the_first(tree: Tree) -> None:
    with pytest.raises(IndexError):
        tree[0].nbor(-1)
