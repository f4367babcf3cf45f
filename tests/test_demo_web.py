"""The invented news web of `blotter demo`: complete, consistent, and recognisably invented."""

from datetime import UTC, datetime

import pytest

from crawler.demo.news import News, load_outlets, load_stories

NOW = datetime(2025, 11, 1, tzinfo=UTC)


@pytest.fixture
def news() -> News:
    return News({id: f"http://{id}.example" for id in load_outlets()})


@pytest.mark.parametrize("story", load_stories().values(), ids=lambda s: s.id)
def test_every_story_is_a_page_that_says_it_is_invented(news: News, story) -> None:
    content_type, markup = news.page(story.outlet, story.path, NOW)
    assert content_type == "text/html"
    assert story.title.replace("’", "’") in markup
    assert "invented" in markup


@pytest.mark.parametrize("outlet", load_outlets())
def test_every_story_is_announced_by_its_outlet(news: News, outlet: str) -> None:
    path = news.outlets[outlet].announces
    announced = "".join(news.page(outlet, f"{path}?page={n}", NOW)[1] for n in (1, 2, 3))
    assert [s.id for s in news.of(outlet) if s.path not in announced] == []


def test_an_article_says_more_on_the_second_visit(news: News) -> None:
    story = news.stories["account-suspended"]
    first = news.article(story, NOW)
    news.visit = 2
    assert "Quillby answers" not in first
    assert "Quillby answers" in news.article(story, NOW)


def test_a_wire_story_has_the_same_paragraphs_wherever_it_is_printed(news: News) -> None:
    wire = news.stories["hollowbrook-fined"]
    for id in ("hollowbrook-fined-ledger", "hollowbrook-fined-kettle"):
        assert wire.paragraphs[1].split("’")[0] in news.article(news.stories[id], NOW)


def test_the_copy_tells_its_age_and_where_it_comes_from(news: News) -> None:
    markup = news.article(news.stories["account-suspended-copy"], NOW)
    assert "8 months ago" in markup
    assert "Article From: " in markup
    assert "Removal Request" in markup


def test_an_address_that_no_outlet_has_is_no_page(news: News) -> None:
    assert news.page("ledger", "/nothing", NOW) is None
