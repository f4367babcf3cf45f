"""The order of the components, in one place, and the one road from texts to readings."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
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
from extract.vocabulary import Lexicon

PIPES = ("blotter_entities", "blotter_quotes", "blotter_violations")
READ_CHARS = 100_000  # of a body: some 16,000 words; memory and time grow with what the model holds at once
WORDS_KEPT = 50_000
"""Once the model has met so many, it forgets new ones with the articles that bring them: memory stays flat."""
_BATCH = 8  # articles; the fastest of 1 to 128 measured


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
    return nlp


def read(nlp: Language, lexicon: Lexicon, texts: Iterable[Text]) -> Iterator[Reading]:
    """What extraction finds in each text, in their order; only English texts on AI policy are parsed."""
    remaining = iter(texts)
    while batch := list(islice(remaining, _BATCH)):
        with nlp.memory_zone() if len(nlp.vocab) > WORDS_KEPT else nullcontext():
            readings = list(_read(nlp, lexicon, batch))
        yield from readings


def _read(nlp: Language, lexicon: Lexicon, batch: Iterable[Text]) -> Iterator[Reading]:
    judged = [(text, language(text.text or text.title), relevance(text.title, text.text, lexicon)) for text in batch]
    docs = nlp.pipe([document(nlp, text) for text, code, rel in judged if _is_read(code, rel)], batch_size=_BATCH)
    for text, code, rel in judged:
        if not _is_read(code, rel):
            yield Reading(article_id=text.article_id, language=code, relevance=rel, facts=())
            continue
        facts = collect(next(docs), text)
        yield Reading(
            article_id=text.article_id, language=code, relevance=rel, facts=facts, sketch=sketch_of(text),
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


def _is_read(code: str | None, judged: Relevance) -> bool:
    return code in (None, "en") and judged.is_relevant


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
