"""Adapters for the evaluation scorers: each takes what a scorer gives and answers as it wants to be answered."""

from crawler.pages.generic import read_page


def article(html: str, url: str | None) -> dict[str, object]:
    """A page as the article scorers want it: text, title, authors, date, site."""
    read = read_page(html, url or "https://example.org/", fetched=None)
    return {
        "text": read.text,
        "title": read.title,
        "authors": list(read.authors),
        "date": str(read.published.start) if read.published and read.published.start else None,
        "site": read.publisher,
    }
