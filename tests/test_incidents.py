"""Stories of one matter are one incident, whose id and slug stay; other violators and other rules stay apart."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
import yaml
from claims import story, violation

from extract.facts import Incident
from extract.grouping import grouped
from extract.incidents import group
from extract.profiles import stem
from extract.standing import strongest_latest

REPORTS = yaml.safe_load((Path(__file__).parent / "texts" / "incidents.yml").read_text(encoding="utf-8"))
STORIES = tuple(
    story(
        n, report["title"], report["text"], *(violation(**claim) for claim in report["claims"]),
        published=str(report["published"]), publisher=report["publisher"],
    )
    for n, report in enumerate(REPORTS, 1)
)  # fmt: skip


def matter_of(number):
    return REPORTS[number - 1]["matter"]


def about(incidents, matter):
    """The incident whose first article is about the matter."""
    return next(incident for incident in incidents if matter_of(incident.article_ids[0]) == matter)


def by_matter():
    found = defaultdict(list)
    for number in range(1, len(REPORTS) + 1):
        found[matter_of(number)].append(number)
    return found


@pytest.mark.parametrize("matter", ["brightloom-voices", "brightloom-novels", "ostrelle-shuttles", "pellworth-hiring"])
def test_reports_of_a_matter_are_one_incident(matter):
    articles = [n for n in about(group(STORIES), matter).article_ids if matter_of(n) != "week"]
    assert articles == by_matter()[matter]


def test_what_reports_no_violation_and_joins_none_is_no_incident():
    assert "bill" not in {matter_of(n) for incident in group(STORIES) for n in incident.article_ids}


def test_each_violation_is_in_one_incident():
    numbers = [n for incident in group(STORIES) for n in incident.violation_ids]
    assert len(numbers) == len(set(numbers)) == sum(len(s.violations) for s in STORIES)


def test_order_of_the_stories_does_not_matter():
    mixed = list(STORIES)
    Random(1).shuffle(mixed)
    assert group(mixed) == group(STORIES)


def test_why_an_article_was_joined_is_told_in_its_words():
    words = dict(about(group(STORIES), "brightloom-voices").joined_by)
    assert set(words) >= {2, 3}
    assert "Brightloom" in words[3].split(", ")
    assert "’" not in "".join(words.values())


def test_title_asserts_no_more_than_the_status():
    titles = {incident.status: incident.title for incident in group(STORIES)}
    assert "alleged" in titles["alleged"]
    assert "found to have" in titles["found"]


def test_ids_and_slugs_stay_when_stories_come_or_go():
    before = group(STORIES[:5])
    after = group(STORIES, before)
    assert {(i.id, i.slug) for i in before} <= {(i.id, i.slug) for i in after}
    assert {(i.id, i.slug) for i in group(STORIES[1:], after)} == {(i.id, i.slug) for i in after}


def test_ids_are_the_same_at_every_run():
    assert group(STORIES) == group(STORIES, group(STORIES))


def test_two_previous_incidents_that_fall_together_leave_the_id_of_the_larger():
    (merged,) = [i for i in group(STORIES) if matter_of(i.article_ids[0]) == "ostrelle-shuttles"]
    large = replace(merged, id=11, slug="large", article_ids=merged.article_ids)
    small = Incident(
        id=22, slug="small", title="S", status="alleged", article_ids=merged.article_ids[:1], violation_ids=()
    )
    ids = {i.id: i.article_ids for i in group(STORIES, [large, small])}
    assert ids[11] == merged.article_ids
    assert 22 not in ids


def test_a_slug_is_given_once():
    apart = [story(n, f"Ferrand{n} talks", "", violation("Brightloom"), published=f"20{n}-01-01") for n in (21, 30)]
    slugs = [incident.slug for incident in group(apart)]
    assert sorted(slugs) == ["brightloom-terms-of-service", "brightloom-terms-of-service-2"]


# -- what keeps apart, what brings together ---------------------------------------------------------------------------

LEDE = "The office said on Tuesday that it had opened the file after a complaint about the chat program in Portlow. "
REST = "It keeps what children write for ever, says the complaint, and shows it to other children in the town."


def test_the_same_report_of_two_violators_is_two_incidents():
    one = story(1, "Office opens file on Brightloom over chat program", LEDE + REST, violation("Brightloom"))
    other = story(2, "Office opens file on Quillmere over chat program", LEDE + REST, violation("Quillmere"))
    assert len(group([one, other])) == 2


def test_whom_both_titles_name_keeps_nothing_apart():
    one = story(1, "Office opens file on Brightloom over Quill chat program", LEDE + REST, violation("Brightloom"))
    other = story(2, "File on Brightloom’s Quill chat program opened by office", LEDE, violation("Quill"))
    assert len(group([one, other])) == 1


def test_two_known_rules_of_one_violator_are_two_incidents():
    title = "Office opens file on Brightloom over chat program"
    privacy = violation("Brightloom", rule_type="privacy", rule_entity="data-act", rule="Data Act")
    content = violation("Brightloom", rule_type="content_regulation", rule_entity="content-act", rule="Content Act")
    assert len(group([story(1, title, LEDE + REST, privacy), story(2, title, LEDE, content)])) == 2


def test_a_violator_whom_no_title_names_keeps_nothing_apart():
    title = "Office opens file over chat program in Portlow"
    stories = [story(1, title, LEDE + REST, violation("Brightloom")), story(2, title, LEDE, violation("Quillmere"))]
    assert len(group(stories)) == 1


def test_a_suit_is_followed_over_months():
    suit = {"rule": "copyright", "rule_type": "copyright", "against": "Quillmere Press"}
    told = [
        *STORIES,
        story(
            90, "Brightloom settles with Quillmere over novels", "Brightloom pays Quillmere Press for 312 novels that "
            "it had copied to train a model, both said on Friday. How much, they did not say. The suit ends.",
            violation("Brightloom", status="settled", **suit), published="2031-06-20", publisher="Harbour Post",
        ),
    ]  # fmt: skip
    incident = about(group(told), "brightloom-novels")
    assert incident.article_ids == (4, 5, 90)
    assert incident.status == "settled"
    assert incident.before == (("alleged", 400),)


def test_a_dispute_goes_on_under_another_rule():
    trademark = violation(
        "Brightloom", rule="trademark", rule_type="trademark", status="dismissed", against="Quillmere Press"
    )
    later = story(
        90, "Court drops Quillmere’s trademark claim against Brightloom", "Quillmere Press, whose novels Brightloom "
        "copied to train a model, says that the model also signs with its name. The court in Veldhaven did not.",
        trademark, published="2031-05-02",
    )  # fmt: skip
    incident = about(group([*STORIES, later]), "brightloom-novels")
    assert incident.article_ids == (4, 5, 90)
    assert incident.status == "alleged"


def test_another_plaintiff_is_another_dispute():
    suit = violation("Brightloom", rule="copyright", rule_type="copyright", against="Ferrand Pictures")
    other = story(
        90, "Ferrand Pictures sues Brightloom over films", "The studio Ferrand Pictures went to court in Portlow. It "
        "says that Brightloom took the dialogue of forty films from pirated discs for its assistant.",
        suit, published="2031-03-20",
    )  # fmt: skip
    assert 90 not in about(group([*STORIES, other]), "brightloom-novels").article_ids


def test_what_a_report_mentions_in_passing_goes_with_the_reports_about_it():
    aside = story(
        90, "Pellworth drops its hiring program", "Pellworth no longer lets a program sort applicants, the warehouse "
        "workers’ union said. Brightloom, fined on Monday, had sold it the telephone assistant.",
        violation("Pellworth", rule="Equal Work Act", rule_type="discrimination"),
        violation("Brightloom", rule="Data Protection Act", rule_type="privacy", status="found"),
        published="2031-03-08",
    )  # fmt: skip
    incidents = group([*STORIES, aside])
    assert 9001 in about(incidents, "brightloom-voices").violation_ids
    assert 9000 in about(incidents, "pellworth-hiring").violation_ids
    assert len(incidents) == len(group(STORIES))


def test_what_nobody_else_reports_is_no_incident_when_said_in_passing():
    claims = violation("Pellworth"), violation("Ferrand", rule_type="labour", words="Ferrand broke the hours rule.")
    (incident,) = group([story(1, "Pellworth loses account", LEDE, *claims)])
    assert incident.violation_ids == (100,)


def test_status_is_the_latest_of_the_strongest():
    assert strongest_latest([("2031-01-01", "alleged"), (None, "under_investigation")]) == "under_investigation"
    assert strongest_latest([("2031-05-01", "settled"), ("2031-01-01", "found")]) == "settled"
    assert strongest_latest([("2031-05-01", "denied"), ("2031-01-01", "alleged")]) == "alleged"


def test_bare_headlines_are_grouped_by_their_words():
    titles = ["Loom drowns in fountain", "Robot loom drowned in the fountain", "Fountain drowns a robot loom",
              "Chess club loses to telephone", "Telephone beats chess club of Oakmere"]  # fmt: skip
    groups = grouped(story(n, title, published=None) for n, title in enumerate(titles))
    assert [[m.story.article_id for m in g.matters] for g in groups] == [[0, 1, 2], [3, 4]]


def test_words_of_one_family_are_one_to_bare_headlines():
    titles = ["Lawyer cited invented cases", "Attorney’s citations were bogus", "Bridge opens in Tarn",
              "Fake citation: solicitor sorry", "Tarn gets new bridge"]  # fmt: skip
    groups = grouped(story(n, title, published=None) for n, title in enumerate(titles))
    assert [[m.story.article_id for m in g.matters] for g in groups] == [[0, 1, 3], [2, 4]]


def test_no_word_is_in_two_families():
    families = yaml.safe_load((files("extract") / "lexicon" / "word_families.yml").read_text("utf-8"))
    homes = defaultdict(set)
    for family in families:
        for word in family.split():
            homes[stem(word)].add(family)
    assert [word for word, found in homes.items() if len(found) > 1] == []
    assert families == sorted(families)


def test_nothing_gives_nothing():
    assert group([]) == ()


@pytest.mark.bench
def test_cost_per_story_does_not_grow():
    """Not from a few thousand stories on; the span of time grows with them, as in an archive."""
    random = Random(7)
    words = [f"w{n}" for n in range(20_000)]

    def cost(size):
        stories = [
            story(n, " ".join(random.choices(words[:4000], k=8)), " ".join(random.choices(words, k=80)),
                  violation(f"Firm{n % 500}"), published=str(date(2031, 1, 1) + timedelta(days=n // 100)))
            for n in range(size)
        ]  # fmt: skip
        start = perf_counter()
        group(stories)
        return (perf_counter() - start) / size

    assert cost(12_000) < 1.5 * cost(6000)
