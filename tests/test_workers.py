"""Reading in several processes: the same readings in the same order, whatever happens to a worker."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from extract.facts import Reading, Text, Unread
from extract.model import DEFAULT_MODEL
from extract.pipeline import build_pipeline, read
from extract.vocabulary import load_lexicon
from extract.workers import DaskError, dask_client, from_dask, read_in_processes, read_on_dask

BODY = (
    "The Veldanian Data Protection Authority fined Quillby AI, a start-up, for training its chatbot on private letters."
)


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    cases = range(100)
    return [Text(article_id=n, title=f"Chatbot number {n} is fined", text=f"{BODY} It is case {n}.") for n in cases]


@pytest.fixture(scope="module")
def readings(texts) -> list[Reading]:
    lexicon = load_lexicon()
    return list(read(build_pipeline(lexicon), lexicon, texts))


def test_processes_give_what_one_gives_and_in_order(texts, readings):
    assert list(read_in_processes(texts, workers=2)) == readings


def test_a_killed_worker_loses_nothing(texts, readings):
    found: list[Reading | Unread] = []
    for reading in read_in_processes(texts, workers=2):
        if not found:
            _workers()[0].kill()
        found.append(reading)
    assert found == readings


def test_a_text_that_ends_its_worker_twice_is_given_up_and_the_rest_is_read(texts, readings):
    first = texts[0].article_id
    with _killing(first_workers=3):  # the one that had the batch, and the two that had its first text alone
        found = list(read_in_processes(texts, workers=1))
    assert found == [Unread(article_id=first, detail="the process that read it ended 2 times"), *readings[1:]]


def test_dask_gives_what_one_process_gives(texts, readings):
    pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    assert list(read_on_dask(texts, address="local:1")) == readings


def test_one_of_two_dask_workers_killed_on_the_way_changes_nothing(texts, readings):
    pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    found: list[Reading | Unread] = []
    for reading in read_on_dask(texts, address="local:2"):
        if not found:
            _workers()[0].kill()
        found.append(reading)
    assert repr(found) == repr(readings)


@pytest.mark.slow
def test_a_batch_that_dask_gives_up_is_read_text_by_text(texts, readings):
    pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    with dask_client("local:1") as client:
        two = list(from_dask(client, DEFAULT_MODEL, client.submit(os._exit, 1), tuple(texts[:2])))
        (one,) = from_dask(client, DEFAULT_MODEL, client.submit(os._exit, 2), (texts[0],))
    assert two == readings[:2]
    assert isinstance(one, Unread)


def test_a_cluster_that_cannot_be_used_is_told_in_one_line(texts):
    with pytest.raises(DaskError, match=r"expected an address|needs the extra"):
        next(read_on_dask(texts, address="local:many"))


@contextmanager
def _killing(*, first_workers: int) -> Iterator[None]:
    """Kill so many worker processes of ours as soon as they are seen."""
    done = threading.Event()

    def kill() -> None:
        killed: set[int] = set()
        while len(killed) < first_workers and not done.wait(0.02):
            for worker in _workers():
                if worker.pid not in killed:
                    killed.add(worker.pid)
                    worker.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _workers() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "spawn_main" in " ".join(_command(p))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
