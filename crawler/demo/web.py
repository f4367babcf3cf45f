"""The invented news web, served on loopback."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crawler.demo.news import News, Outlet, load_outlets
from crawler.sources import Source

ADDRESS = "127.0.0.1"
FIRST_PORT = 8311


class Web:
    """The running news web; `second_visit` is when one article has changed."""

    def __init__(self, news: News) -> None:
        self.news = news

    def second_visit(self) -> None:
        """From now on the articles say what they say later."""
        self.news.visit = 2

    def sources(self) -> dict[str, Source]:
        """The outlets, as entries of sources.yml would name them."""
        return {outlet.id: self._source(outlet) for outlet in self.news.outlets.values()}

    def _source(self, outlet: Outlet) -> Source:
        url = self.news.origins[outlet.id] + outlet.announces
        return Source(id=outlet.id, name=outlet.name, kind=outlet.kind, url=url, tier="full")


@contextmanager
def serve_web(now: Callable[[], datetime]) -> Iterator[Web]:
    """The news web, up for the length of a ``with`` block; each outlet on a port of its own."""
    servers = {id: _server(FIRST_PORT + n) for n, id in enumerate(load_outlets())}
    news = News({id: f"http://{ADDRESS}:{server.server_address[1]}" for id, server in servers.items()})
    for id, server in servers.items():
        server.RequestHandlerClass = _handler(news, id, now)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Web(news)
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()


def _server(port: int) -> ThreadingHTTPServer:
    """A server on the wished port, or on a free one if somebody sits there."""
    try:
        return ThreadingHTTPServer((ADDRESS, port), BaseHTTPRequestHandler)
    except OSError:
        return ThreadingHTTPServer((ADDRESS, 0), BaseHTTPRequestHandler)


def _handler(news: News, outlet: str, now: Callable[[], datetime]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = news.page(outlet, self.path, now())
            if page is None:
                self._answer(404, "text/html", b"<!doctype html><title>Not found</title><p>No such page.</p>")
            else:
                self._answer(200, page[0], page[1].encode())

        def _answer(self, status: int, content_type: str, body: bytes) -> None:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            is_known = status == 200 and self.headers.get("If-None-Match") == etag
            self.send_response(304 if is_known else status)
            self.send_header("ETag", etag)
            if not is_known:
                self.send_header("Content-Type", f"{content_type}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not is_known:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the crawler's own log says what it asked for."""

    return Handler
