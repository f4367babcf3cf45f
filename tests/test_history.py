"""What a claim reports to have happened is a stage; what may happen, or has ended, is none."""

import pytest
from claims import story, violation

from extract.history import stages
from extract.incidents import group


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        ("sued", {"status_cue": "sued"}),
        ("sued", {"status_cue": "class-action"}),
        ("charged", {"status_cue": "indicted"}),
        ("charged", {"status_cue": "arrested", "sanction": "arrest_or_charge"}),
        ("appealed", {"status": "found", "status_cue": "fined", "response": "appealed"}),
        ("overturned", {"status": "dismissed", "status_cue": "annulled"}),
    ],
)
def test_stage_is_read_off_the_claim(stage, fields):
    assert stages([(7, violation("Brightloom", **fields))]) == ((stage, 7),)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "hypothetical", "status_cue": "sue"},
        {"status": "dismissed", "status_cue": "lawsuit"},
        {"status_cue": "accused"},
        {"status": "found", "status_cue": "overturned"},
        {},
    ],
)
def test_no_stage_where_none_is_reported(fields):
    assert stages([(7, violation("Brightloom", **fields))]) == ()


def test_the_first_report_of_a_stage_counts():
    claims = [(n, violation("Brightloom", status_cue="sues")) for n in (3, 1, 2)]
    assert stages(claims) == (("sued", 3),)


def test_an_incident_tells_who_reports_its_status_and_stages_first():
    suit = {"rule": "copyright", "rule_type": "copyright", "against": "Quillmere Press"}
    title = "Quillmere sues Brightloom over novels"
    text = "Quillmere Press says that Brightloom copied 312 novels to train the model that it sells in Portlow."
    stories = [
        story(1, title, text, violation("Brightloom", status_cue="sues", **suit), published="2031-03-01"),
        story(2, title, text, violation("Brightloom", status_cue="sued", **suit), published="2031-03-02"),
        story(3, "Court annuls ruling over Brightloom novels", text,
              violation("Brightloom", status="dismissed", status_cue="annuls", **suit), published="2031-04-02"),
    ]  # fmt: skip
    (incident,) = group(stories)
    assert incident.told_by == (("dismissed", 300), ("sued", 100), ("overturned", 300))
