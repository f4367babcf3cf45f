"""Each page in pages/walls is what its name says, by what stands on it."""

from pathlib import Path

import pytest

from crawler.failures import REASONS
from crawler.items import Article
from crawler.pages import PageError
from crawler.pages.walls import judged, wall
from crawler.reader import answer_to
from crawler.reading import Refused, Unread
from crawler.urls import article_id

FOLDER = Path(__file__).parent / "pages" / "walls"
CASES = sorted(FOLDER.glob("*.html"))
URL = "https://courant.example/2026/11/24/vote"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_is_what_it_is(path: Path) -> None:
    answer = answer_to(Unread(html=path.read_bytes(), url=URL, fetched=None))
    if path.stem.startswith(("open", "paywalled")):
        assert isinstance(answer, Article)
        assert answer.title == "Port Meridian drops face matching"
        assert answer.access == path.stem.partition("_")[0]
        assert bool(answer.text) == (answer.access == "open")
    else:
        assert isinstance(answer, Refused)
        assert answer.reason == path.stem


def test_every_wall_is_a_reason_of_failure() -> None:
    assert {path.stem for path in CASES if not path.stem.startswith(("open", "paywalled"))} <= REASONS.keys()


def test_a_full_text_is_no_wall_whatever_the_page_says() -> None:
    text = "The council voted, and the system goes. " * 60
    assert (
        wall(f"<title>Just a moment</title><p>Before you continue: page not found</p><p>{text}</p>", text=text) is None
    )


def test_an_offer_in_the_head_of_a_page_is_no_paywall() -> None:
    text = "The council voted on Tuesday, nine to two, and the system has to go by the end of the month. " * 4
    assert wall(f"<p>Already a subscriber? Sign in</p><h1>Vote</h1><p>{text}</p>", text=text.strip()) is None


@pytest.mark.parametrize(("text", "reason"), [("", "empty"), ("Two words", "too_short"), ("x" * 600_000, "too_large")])
def test_a_text_has_a_sensible_length(text: str, reason: str) -> None:
    article = Article(id=article_id(URL), url=URL, title="Vote", text=text)
    with pytest.raises(PageError) as error:
        judged(article, f"<p>{text[:1000]}</p>")
    assert error.value.reason == reason
