"""How one page is read: markup and text in, an `Article` out. No I/O, no clock.

| module | answers |
|---|---|
| `decode` | which characters do these bytes stand for |
| `markup` | what the page says of itself: JSON-LD, microdata, OpenGraph, meta |
| `blocks`, `text` | which blocks there are, and which of them are the article |
| `headline`, `authors`, `dates` | what it is called, who wrote it, and when |
| `outlets`, `origin` | whose report it is, and by which names |
| `parts` | how the pages of one article go together |
| `walls` | why there is nothing to read |
| `generic`, `plain` | the whole `Article`, from HTML and from plain text |
"""


class PageError(ValueError):
    """A page that cannot be read as an article."""

    def __init__(self, url: str, reason: str, detail: str) -> None:
        super().__init__(f"{url}: {detail}")
        self.url = url
        self.reason = reason
        """One of `crawler.failures.REASONS`."""
        self.detail = detail
        """For a person: what was found, what was expected."""
