"""Words of what was purged, looked for in all bytes of a home: by other means than the product's own."""

import gzip
import html
from collections.abc import Collection, Iterator

from data.home import Home


def found_in(home: Home, sentences: Collection[str]) -> Iterator[str]:
    """The files in whose bytes, unpacked if they are archives, one of the sentences stands."""
    for path in sorted(path for path in home.path.rglob("*") if path.is_file() and not path.is_symlink()):
        data = gzip.decompress(path.read_bytes()) if path.name.endswith(".warc.gz") else path.read_bytes()
        text = " ".join(html.unescape(data.decode("utf-8", "replace")).split())
        if any(sentence.encode() in data or sentence in text for sentence in sentences):
            yield str(path.relative_to(home.path))
