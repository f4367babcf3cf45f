"""A backfill keeps of WARC files what is of the sources and on AI policy, and goes on where it was left."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from commands import blotter
from sqlite_utils import Database

from crawler.archive import ArchiveWriter, Exchange
from crawler.backfill import BASE, fetch_file, listed, pages
from crawler.inputs import InputError

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ABOUT_AI = """<!doctype html><html lang="en"><head><title>Quarrel over chatbot {n}</title></head><body><article>
<h1>Quarrel over chatbot {n}</h1><p>The Veldanian Data Protection Authority has fined Quillby AI, a start-up, for
training its chatbot number {n} on private letters without the consent of those who wrote them.</p>
<p>“Letters are not training data,” said Maren Odelind, who leads the authority. The artificial intelligence company
broke the privacy law, she said, and must delete its language model {n}.</p></article></body></html>"""
COOKERY = "<html lang=en><title>Herring</title><body><article><h1>Herring</h1><p>{}</p></article></body></html>".format(
    "Wash the fish, salt them and leave them in the cold for a night before you eat them warm. " * 12
)
FRENCH = "<html><body><article><h1>Querelle</h1><p>{}</p></article></body></html>".format(
    "L’autorité a condamné la société Quillby AI pour avoir entraîné son chatbot sans le consentement des auteurs. " * 9
)
MINE = """
ledger: {name: Ledger, kind: feed, url: 'https://www.ledger.example/feed.xml', language: en, tier: full}
gazette: {name: Gazette, kind: feed, url: 'https://gazette.example/feed.xml', language: en, tier: full}
"""


def warc(folder: Path, answers: list[tuple[str, str]]) -> Path:
    """A WARC file with these pages, packed as they come from Common Crawl."""
    writer = ArchiveWriter(folder, software="test", now=NOW)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    for url, body in answers:
        name, _ = writer.write(Exchange(url=url, at=NOW, headers=headers, body=body.encode(), notes={}, status=200))
    writer.close()
    return folder / name


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yml"
    path.write_text(MINE, "utf-8")
    return path


@pytest.fixture
def path_list(tmp_path: Path) -> Path:
    """Two files: a page of each kind, and two more that are wanted."""
    folder = tmp_path / "crawl-data"
    files = [
        warc(folder, [
            ("https://ledger.example/1", ABOUT_AI.format(n=1)), ("https://ledger.example/2", COOKERY),
            ("https://elsewhere.example/3", ABOUT_AI.format(n=3)),
            ("https://news.ledger.example/4", ABOUT_AI.format(n=4)),
        ]),
        warc(folder, [("https://gazette.example/5", ABOUT_AI.format(n=5)), ("https://gazette.example/6", FRENCH)]),
    ]  # fmt: skip
    path = tmp_path / "warc.paths.gz"
    path.write_bytes(gzip.compress("\n".join(f"crawl-data/{file.name}" for file in files).encode()))
    return path


def rows(home: Path, sql: str) -> list[dict[str, object]]:
    with Database(home / "work.db") as db:
        return list(db.query(sql))


def urls(home: Path) -> list[object]:
    return [row["url"] for row in rows(home, "select url from articles order by url")]


def test_what_is_of_the_sources_and_on_ai_policy_is_kept(tmp_path: Path, mine: Path, path_list: Path) -> None:
    home = tmp_path / "home"
    done = blotter("add", "--cc-news", path_list, "--sources", mine, home=home, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "backfilled: 2 files, 6 answers, 5 pages, 3 articles\n"), done.stderr
    assert urls(home) == ["https://gazette.example/5", "https://ledger.example/1", "https://news.ledger.example/4"]
    assert "backfill: 1 of 2 files, 4 answers, 3 pages, 2 articles, about" in done.stderr
    assert len(rows(home, "select * from fetches where warc_file is not null")) == 3


def test_one_source_may_be_asked_for(tmp_path: Path, mine: Path, path_list: Path) -> None:
    words = ("add", "--cc-news", path_list, "--sources", mine, "--source", "gazette", "-q")
    assert blotter(*words, home=tmp_path / "home", cwd=tmp_path).returncode == 0
    assert urls(tmp_path / "home") == ["https://gazette.example/5"]


def test_a_second_run_reads_nothing_again(tmp_path: Path, mine: Path, path_list: Path) -> None:
    home = tmp_path / "home"
    words = ("add", "--cc-news", path_list, "--sources", mine, "-q")
    first = blotter(*words, home=home, cwd=tmp_path)
    for path in (tmp_path / "crawl-data").iterdir():
        path.write_bytes(b"no WARC file any more")
    second = blotter(*words, home=home, cwd=tmp_path)
    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert second.stdout == first.stdout


def test_a_file_is_read_on_from_the_answer_behind_the_last(tmp_path: Path, path_list: Path) -> None:
    (file, _) = listed(path_list)
    assert file.path
    steps = list(pages(file.path, offset=None, wanted=frozenset({"ledger.example"})))
    assert [bool(step.page) for step in steps] == [True, True, False, True]
    rest = list(pages(file.path, offset=steps[1].offset, wanted=frozenset({"ledger.example"})))
    assert rest == steps[2:]


def test_a_line_is_a_file_here_an_address_or_a_path_at_common_crawl(tmp_path: Path) -> None:
    (tmp_path / "here.warc.gz").touch()
    lines = "here.warc.gz\nhttps://mirror.example/a.warc.gz\n\ncrawl-data/CC-NEWS/2025/06/b.warc.gz\n"
    (tmp_path / "warc.paths").write_text(lines, "utf-8")
    found = listed(tmp_path / "warc.paths")
    assert [(one.path, one.url) for one in found] == [
        (tmp_path / "here.warc.gz", None),
        (None, "https://mirror.example/a.warc.gz"),
        (None, f"{BASE}crawl-data/CC-NEWS/2025/06/b.warc.gz"),
    ]


def test_what_is_no_path_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("a page about nothing\n", "utf-8")
    done = blotter("add", "--cc-news", tmp_path / "list", home=tmp_path / "home", cwd=tmp_path)
    assert done.returncode == 2
    assert "expected paths that end in .warc or .warc.gz" in done.stderr


# -- over the network -------------------------------------------------------------------------------------------------


class _Ranges(SimpleHTTPRequestHandler):
    """Serves files, from an offset on if asked to."""

    def do_GET(self) -> None:
        data = Path(self.translate_path(self.path)).read_bytes()
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Ranges, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_files_are_fetched_and_let_go_of_when_read(tmp_path: Path, mine: Path, path_list: Path) -> None:
    home, remote = tmp_path / "home", tmp_path / "remote.paths"
    with served(tmp_path) as base:
        lines = gzip.decompress(path_list.read_bytes()).decode().splitlines()
        remote.write_text("\n".join(f"{base}/{line}" for line in lines), "utf-8")
        words = ("add", "--cc-news", remote, "--sources", mine, "-q", "--contact", "desk@newsroom.example")
        refused = blotter(*words, home=tmp_path / "other", cwd=tmp_path)
        done = blotter(*words, "--allow-network", "127.0.0.0/8", home=home, cwd=tmp_path)
    assert refused.returncode == 3
    assert "127.0.0.1 is no public address" in refused.stderr
    assert (done.returncode, len(urls(home))) == (0, 3), done.stderr
    assert list((home / "backfill").iterdir()) == []


def test_a_file_that_was_cut_short_goes_on_where_it_ended(tmp_path: Path, path_list: Path) -> None:
    whole = next(iter(sorted((tmp_path / "crawl-data").iterdir())))
    (tmp_path / "got").mkdir()
    (tmp_path / "got" / f"{whole.name}.part").write_bytes(whole.read_bytes()[:700])
    with served(tmp_path) as base:
        (tmp_path / "remote.paths").write_text(f"{base}/crawl-data/{whole.name}", "utf-8")
        (file,) = listed(tmp_path / "remote.paths")
        got = fetch_file(file, tmp_path / "got", contact="a@b.example", allow_networks=["127.0.0.0/8"])
    assert got.read_bytes() == whole.read_bytes()


def test_a_server_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "remote.paths").write_text("http://127.0.0.1:9/a.warc.gz", "utf-8")
    (file,) = listed(tmp_path / "remote.paths")
    with pytest.raises(InputError, match=r"a\.warc\.gz: "):
        fetch_file(file, tmp_path, contact="a@b.example", allow_networks=["127.0.0.0/8"])
