"""The order of the components, in one place, and the one road from texts to readings."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

import spacy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from extract.collect import collect
from extract.components.attributes import RememberedRules
from extract.components.entities import EntityFinder
from extract.components.lemmas import LazyLemmas
from extract.facts import Quote, Reading, Relevance, Text
from extract.headline import lowered
from extract.inference import arrange
from extract.language import language
from extract.model import DEFAULT_MODEL, missing
from extract.nearness import sketch_of
from extract.quote_groups import quote_keys
from extract.relevance import relevance
from extract.tokenizer import Tokenizer
from extract.vocabulary import Lexicon

PIPES = ("blotter_entities", "blotter_quotes", "blotter_violations")
_QUARTERS = 4  # of a batch is what spaCy's parsers take at a time
READ_CHARS = 100_000  # of a body: some 16,000 words; memory and time grow with what the model holds at once
WORDS_KEPT = 50_000
"""Once the model has met so many, it forgets new ones with the articles that bring them: memory stays flat."""
_BATCH = 32
"""Articles that are parsed at once, if all of them have no more letters than one may have: the parser takes a step in
each at a time, which costs less the more there are, and needs room for what it knows of every word."""


def build_pipeline(lexicon: Lexicon, model: str = DEFAULT_MODEL) -> Language:
    """The spaCy model with our components after it, in the order of `PIPES`.

    A component that has ``use_lexicon`` is given the lexicon.
    """
    nlp = _load(model)
    _quicken(nlp)
    tokenizer = cast(Any, nlp.tokenizer)
    tokenizer.add_special_case("X.", [{"ORTH": "X"}, {"ORTH": "."}])  # "posted on X." ends in no initial
    tokenizer.max_cache_size = WORDS_KEPT  # the names of the lexicon alone are more than it remembers by default
    import_module("extract.components.lines")
    nlp.add_pipe("blotter_lines", first=True)
    import_module("extract.components.tree")
    nlp.add_pipe("blotter_tree")
    for pipe in PIPES:
        module = f"extract.components.{pipe.removeprefix('blotter_')}"
        if find_spec(module) is None:
            continue
        import_module(module)
        component = nlp.add_pipe(pipe)
        if hasattr(component, "use_lexicon"):
            component.use_lexicon(lexicon)
    nlp.tokenizer = Tokenizer(tokenizer)
    return nlp


def read(nlp: Language, lexicon: Lexicon, texts: Iterable[Text]) -> Iterator[Reading]:
    """What extraction finds in each text, in their order; only English texts on AI policy are parsed."""
    for batch in _batches(lexicon, texts):
        with nlp.memory_zone() if len(nlp.vocab) > WORDS_KEPT else nullcontext():
            readings = list(_read(nlp, batch))
        yield from readings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A text, its language and whether it is on AI policy."""

    text: Text
    language: str | None
    relevance: Relevance

    @property
    def is_read(self) -> bool:
        return self.language in (None, "en") and self.relevance.is_relevant


def _batches(lexicon: Lexicon, texts: Iterable[Text]) -> Iterator[list[_Judged]]:
    """Texts in their order, as many as are parsed at once."""
    batch: list[_Judged] = []
    letters = 0
    for text in texts:
        one = _Judged(
            text=text, language=language(text.text or text.title),
            relevance=relevance(text.title, text.text, lexicon),
        )  # fmt: skip
        its = min(len(text.text), READ_CHARS) if one.is_read else 0
        if batch and (letters + its > READ_CHARS or len(batch) == _BATCH):
            yield batch
            batch, letters = [], 0
        batch.append(one)
        letters += its
    if batch:
        yield batch


def _read(nlp: Language, batch: Sequence[_Judged]) -> Iterator[Reading]:
    docs = nlp.pipe([document(nlp, one.text) for one in batch if one.is_read], batch_size=_QUARTERS * _BATCH)
    for one in batch:
        text, facts = one.text, collect(next(docs), one.text) if one.is_read else ()
        yield Reading(
            article_id=text.article_id, language=one.language, relevance=one.relevance, facts=facts,
            sketch=sketch_of(text) if one.is_read else None,
            quote_keys=tuple(quote_keys(fact) for fact in facts if isinstance(fact, Quote)),
        )  # fmt: skip


def document(nlp: Language, text: Text) -> Doc:
    """Title and body as one Doc, not parsed yet; ``doc._.body_start`` says where the body begins.

    Of a body longer than `READ_CHARS` the beginning is read, to the end of its last whole line or word.

    A title in title case is lowered first, its names kept: offsets are the same, the words are the article's.
    """
    body = _readable(text.text)
    if not text.title:
        return nlp.make_doc(body)
    finder = cast(EntityFinder, nlp.get_pipe("blotter_entities"))
    doc = nlp.make_doc(f"{lowered(text.title, body, finder.name_test(text.title))}\n\n{body}")
    doc._.body_start = len(text.title) + 2
    return doc


def _readable(body: str) -> str:
    """The body, or of a longer one the beginning that is read."""
    if len(body) <= READ_CHARS:
        return body
    end = max(body.rfind("\n", READ_CHARS // 2, READ_CHARS), 0) or body.rfind(" ", 0, READ_CHARS)
    return body[: end if end > 0 else READ_CHARS]


def _quicken(nlp: Language) -> None:
    """Put what does the same in less time in the place of what the model comes with."""
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, TrainablePipe):
            arrange(cast(Any, pipe).model)
    if "attribute_ruler" in nlp.pipe_names:
        ruler = cast(Any, nlp.get_pipe("attribute_ruler"))
        cast(RememberedRules, nlp.add_pipe("blotter_attributes", before="attribute_ruler")).use_ruler(ruler)
        nlp.remove_pipe("attribute_ruler")
    if "lemmatizer" in nlp.pipe_names:
        lemmatizer = cast(Any, nlp.get_pipe("lemmatizer"))
        cast(LazyLemmas, nlp.add_pipe("blotter_lemmas", before="lemmatizer")).use_lemmatizer(lemmatizer)
        nlp.remove_pipe("lemmatizer")


def _load(model: str) -> Language:
    """The model; NumPy multiplies for it in one thread; on newer processors spaCy's own routines take twice as long."""
    threadpool_limits(1, "blas")
    try:
        with use_ops("numpy", use_blis=False):
            return spacy.load(model)
    except OSError:
        raise missing(model) from None
