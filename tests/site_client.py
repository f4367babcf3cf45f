"""The site in-process: what a reader gets for an address, without a server."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from data.site.app import datasette


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def words(self) -> str:
        """What a reader reads, spaces made single."""
        reader = _Reader()
        reader.feed(self.text)
        return " ".join("".join(reader.words).split())

    def elements(self, attribute: str) -> dict[str, str]:
        """Value of an attribute → the words of the elements that have it."""
        return {value: " ".join(words.split()) for value, words in _elements(self.text, attribute)}


class Site:
    """One published file, served."""

    def __init__(self, file: Path) -> None:
        self.datasette = datasette(file)

    def get(self, path: str) -> Page:
        """The answer to one request."""
        return self.all([path])[0]

    def all(self, paths: list[str]) -> list[Page]:
        """The answers to several."""

        async def ask() -> list[Page]:
            found = []
            for path in paths:
                answer = await self.datasette.client.get(path)
                found.append(Page(status=answer.status_code, text=answer.text, headers=answer.headers))
            return found

        return asyncio.run(ask())

    def raw(self, path: str, headers: Mapping[str, str] | None = None) -> Any:
        """The answer as it came, with its bytes."""
        return asyncio.run(self.datasette.client.get(path, headers=headers))

    def close(self) -> None:
        """Let the threads and the files go."""
        for database in self.datasette.databases.values():
            database.close()
        self.datasette.executor.shutdown()


class _Reader(HTMLParser):
    """Collects the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.words.append(" " if tag not in ("a", "b", "em", "span", "mark") else "")


def _elements(html: str, attribute: str) -> Iterator[tuple[str, str]]:
    """Values of an attribute with the words from there to the end of the element."""
    for found in re.finditer(rf'<(\w+)[^>]*?\s{attribute}="([^"]*)"[^>]*>', html):
        tag, depth, at = found[1], 1, found.end()
        for edge in re.finditer(rf"<(/?){tag}\b[^>]*>", html[found.end() :]):
            depth += -1 if edge[1] else 1
            if depth == 0:
                at = found.end() + edge.start()
                break
        reader = _Reader()
        reader.feed(html[found.end() : at])
        yield found[2], "".join(reader.words)
