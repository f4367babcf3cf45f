"""Reading in one process or several: ordered, bounded, and with a killed worker costing its text one more try."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context

from spacy.language import Language

from extract.facts import Reading, Text, Unread
from extract.pipeline import DEFAULT_MODEL, build_pipeline, read
from extract.vocabulary import Lexicon, load_lexicon

BATCH = 8
"""Texts handed over at once."""
AHEAD = 3
"""Batches a worker that are under way or waiting to be taken; what bounds the memory."""
TRIES = 2
"""A text whose worker ended this often is given up."""


def readings(texts: Iterable[Text], *, model: str = DEFAULT_MODEL, workers: int = 1) -> Iterator[Reading | Unread]:
    """What extraction finds in each text, in their order: here, or in so many processes beside this one."""
    if workers > 1:
        yield from read_in_processes(texts, model=model, workers=workers)
    else:
        lexicon = load_lexicon()
        yield from read(build_pipeline(lexicon, model), lexicon, texts)


def read_in_processes(
    texts: Iterable[Text], *, model: str = DEFAULT_MODEL, workers: int
) -> Iterator[Reading | Unread]:  # fmt: skip
    """What extraction finds in each text, in their order; `Unread` for a text that ends its worker twice."""
    remaining = iter(texts)
    under_way: deque[_Batch] = deque()
    with _Pool(workers, model) as pool:
        while True:
            while len(under_way) < workers * AHEAD and (more := tuple(islice(remaining, BATCH))):
                under_way.append(pool.begin(_Batch(texts=more)))
            if not under_way:
                return
            try:
                assert under_way[0].future
                yield from under_way[0].future.result()
                under_way.popleft()
            except BrokenProcessPool:
                pool.renew()
                yield from _one_by_one(pool, under_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    texts: tuple[Text, ...]
    future: "Future[tuple[Reading, ...]] | None" = None


def _one_by_one(pool: "_Pool", under_way: "deque[_Batch]") -> Iterator[Reading | Unread]:
    """Read what was under way when a worker ended: alone, so that the text that ends its worker is known."""
    while under_way:
        for text in under_way.popleft().texts:
            yield _alone(pool, text)


def _alone(pool: "_Pool", text: Text) -> Reading | Unread:
    for _ in range(TRIES):
        batch = pool.begin(_Batch(texts=(text,)))
        assert batch.future
        try:
            return batch.future.result()[0]
        except BrokenProcessPool:
            pool.renew()
    return Unread(article_id=text.article_id, detail=f"the process that read it ended {TRIES} times")


class _Pool:
    """Worker processes, each with a pipeline of its own; made anew when one of them ends."""

    def __init__(self, workers: int, model: str) -> None:
        self._workers, self._model = workers, model
        self._executor = self._new()

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def begin(self, batch: _Batch) -> _Batch:
        try:
            return replace(batch, future=self._executor.submit(_read, batch.texts))
        except BrokenProcessPool:
            self.renew()
            return replace(batch, future=self._executor.submit(_read, batch.texts))

    def renew(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        self._executor = self._new()

    def _new(self) -> ProcessPoolExecutor:
        # spawned, not forked: the parent has threads and an open database
        context = get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_start, initargs=(self._model,))


_tools: tuple[Language, Lexicon] | None = None
"""Of a worker process: its pipeline and lexicon."""


def _start(model: str) -> None:
    global _tools
    lexicon = load_lexicon()
    _tools = build_pipeline(lexicon, model), lexicon


def _read(texts: tuple[Text, ...]) -> tuple[Reading, ...]:
    assert _tools
    return tuple(read(*_tools, texts))
