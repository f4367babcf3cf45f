"""Read saved pages with another reader, in the environment it is installed in: ``PYTHON read_as_peer.py PEER PAGES``.

PAGES is a JSON file of markups and addresses; what is printed is the processor seconds that reading them took.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def newspaper4k() -> Callable[[str, str], object]:
    import newspaper

    def read(markup: str, url: str) -> object:
        article = newspaper.Article(url, fetch_images=False, language="en")
        article.download(input_html=markup)
        return article.parse()

    return read


def news_please() -> Callable[[str, str], object]:
    from newsplease import NewsPlease

    return lambda markup, url: NewsPlease.from_html(markup, url=url, fetch_images=False)


PEERS = {"newspaper4k": newspaper4k, "news-please": news_please}

if __name__ == "__main__":
    read, pages = PEERS[sys.argv[1]](), json.loads(Path(sys.argv[2]).read_text("utf-8"))
    read(*pages[0])
    begun = time.process_time()
    for markup, url in pages:
        with suppress(Exception):  # whatever stops a peer at a page costs it no time
            read(markup, url)
    print(time.process_time() - begun)
