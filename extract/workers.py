"""Reading in one process, in several, or on Dask: ordered, bounded, and what a lost worker had is read again."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from typing import Any

from extract.facts import Reading, Text, Unread
from extract.model import DEFAULT_MODEL
from extract.vocabulary import load_lexicon

BATCH = 32
"""Texts handed over at once."""
AHEAD = 3
"""Batches a worker that are under way or waiting to be taken; what bounds the memory."""
_COLLECTED = 20_000, 5, 10
"""After how many new objects Python looks for those that can go, and after how many looks at older ones; by default it
looks after 700, and the words of one article are some thousands."""
TRIES = 2
"""A text whose worker ended this often is given up."""


class DaskError(ValueError):
    """The Dask cluster cannot be used, in one line."""


def readings(
    texts: Iterable[Text], *, model: str = DEFAULT_MODEL, workers: int = 1, dask: str | None = None
) -> Iterator[Reading | Unread]:  # fmt: skip
    """What extraction finds in each text, in their order: here, in so many processes beside this one, or on Dask."""
    if dask:
        yield from read_on_dask(texts, model=model, address=dask)
    elif workers > 1:
        yield from read_in_processes(texts, model=model, workers=workers)
    else:
        yield from _reader(model)(texts)


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


def read_on_dask(texts: Iterable[Text], *, model: str = DEFAULT_MODEL, address: str) -> Iterator[Reading | Unread]:
    """The same on the Dask cluster at an address, or on one of N processes here for ``local:N``.

    Dask gives the batch of a lost worker to another one; the readings are pure, so that doing one twice is harmless.
    `Unread` for a text that ends every worker it is given to.
    """
    remaining = iter(texts)
    under_way: deque[tuple[Any, tuple[Text, ...]]] = deque()
    with dask_client(address) as client:
        ahead = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        while True:
            while len(under_way) < ahead and (more := tuple(islice(remaining, BATCH))):
                under_way.append((client.submit(_read_anywhere, model, more, pure=False), more))
            if not under_way:
                return
            yield from from_dask(client, model, *under_way.popleft())


def from_dask(client: Any, model: str, future: Any, texts: tuple[Text, ...]) -> Iterator[Reading | Unread]:
    """What came of a batch; when Dask gives it up, for it ended several workers, its texts are read alone."""
    from distributed import KilledWorker

    try:
        yield from future.result()
    except KilledWorker as killed:
        if len(texts) == 1:
            yield Unread(article_id=texts[0].article_id, detail=f"Dask gave it up: {killed.last_worker} ended, too")
        for text in texts if len(texts) > 1 else ():
            alone = client.submit(_read_anywhere, model, (text,), pure=False)
            yield from from_dask(client, model, alone, (text,))


@contextmanager
def dask_client(address: str) -> Iterator[Any]:
    """A client of the cluster at an address, or of one made here for ``local:N`` that goes when it does."""
    try:
        from distributed import Client, LocalCluster  # an extra: most installations have no use for it
    except ImportError:
        raise DaskError("--dask needs the extra `scale`: pip install 'ai-blotter[scale]'") from None
    count = address.removeprefix("local:")
    if count != address and not count.isdigit():
        raise DaskError(f"--dask: expected an address such as tcp://scheduler:8786, or local:2, not {address!r}")
    with ExitStack() as stack:
        if count != address:
            cluster = LocalCluster(n_workers=int(count), threads_per_worker=1, dashboard_address=None)
            address = stack.enter_context(cluster).scheduler_address
        try:
            yield stack.enter_context(Client(address, timeout="20s"))
        except OSError as error:
            raise DaskError(f"--dask {address}: no scheduler answers there: {error}") from None


def _read_anywhere(model: str, texts: tuple[Text, ...]) -> tuple[Reading, ...]:
    """In a worker that nobody has prepared: its pipeline is built at the first batch, and kept."""
    if _read_texts is None:
        _start(model)
    return _read(texts)


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


_Reader = Callable[[Iterable[Text]], Iterator[Reading]]
_read_texts: _Reader | None = None
"""Of a worker process: what reads with its pipeline and lexicon."""


def _start(model: str) -> None:
    global _read_texts
    _read_texts = _reader(model)


@cache
def _reader(model: str) -> _Reader:
    gc.set_threshold(*_COLLECTED)
    from extract.pipeline import build_pipeline, read  # here, as a run that has nothing to read needs no spaCy

    lexicon = load_lexicon()
    reader = partial(read, build_pipeline(lexicon, model), lexicon)
    gc.freeze()  # the model and the lexicon stay: nothing in them need be looked at for what can go
    return reader


def _read(texts: tuple[Text, ...]) -> tuple[Reading, ...]:
    assert _read_texts
    return tuple(_read_texts(texts))
