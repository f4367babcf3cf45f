"""Two sources that disagree are a row; a development, a rounding or the same source twice is none."""

from claims import story, violation

from extract.contradictions import contradictions
from extract.facts import Incident


def found(*stories):
    incident = Incident(
        id=7, slug="a", title="A", status="alleged", article_ids=tuple(s.article_id for s in stories),
        violation_ids=tuple(n for s in stories for n, _ in s.violations),
    )  # fmt: skip
    rows = contradictions(stories, [incident])
    return [(c.field, c.violation_id, c.value, c.other_id, c.other_value) for c in rows]


def told(number, publisher, *, day="2031-03-03", who="Brightloom", **fields):
    return story(number, "A title", "", violation(who, **fields), publisher=publisher, published=day)


def test_two_outlets_with_another_status_on_one_day_contradict():
    assert found(told(1, "Harbour Post", status="found"), told(2, "Mill Gazette", status="alleged")) == [
        ("status", 100, "found", 200, "alleged")
    ]


def test_a_later_status_is_a_development():
    assert found(told(1, "Harbour Post"), told(2, "Mill Gazette", status="found", day="2031-03-20")) == []


def test_what_is_alleged_may_be_looked_into_and_denied():
    stories = [told(1, "Harbour Post"), told(2, "Mill Gazette", status="under_investigation")]
    assert found(*stories, told(3, "Coast Wire", status="denied")) == []


def test_an_outlet_does_not_contradict_itself():
    assert found(told(1, "Harbour Post"), told(2, "Harbour Post", status="found")) == []


def test_what_could_be_contradicts_nothing():
    assert found(told(1, "Harbour Post", status="hypothetical"), told(2, "Mill Gazette", status="alleged")) == []


def test_another_violator_or_kind_of_rule_is_another_matter():
    assert found(told(1, "Harbour Post"), told(2, "Mill Gazette", who="Quillmere", status="found")) == []
    assert found(told(1, "Harbour Post"), told(2, "Mill Gazette", rule_type="privacy", status="found")) == []


def test_amounts_of_one_sanction_contradict_whenever_they_are_told():
    fine = {"status": "found", "sanction": "fine", "currency": "EUR"}
    first, second = told(1, "Harbour Post", amount=4.2e6, **fine), told(2, "Mill Gazette", amount=6e6, **fine)
    assert found(second, first) == [("amount", 100, "4200000 EUR", 200, "6000000 EUR")]
    assert found(first, told(3, "Mill Gazette", day="2031-06-01", amount=6e6, **fine))


def test_a_rounded_amount_or_another_currency_contradicts_nothing():
    fine = {"status": "found", "sanction": "fine"}
    first = told(1, "Harbour Post", amount=4.25e6, currency="EUR", **fine)
    assert found(first, told(2, "Mill Gazette", amount=4.2e6, currency="EUR", **fine)) == []
    assert found(first, told(2, "Mill Gazette", amount=4.9e6, currency="USD", **fine)) == []


def test_the_same_disagreement_is_told_once():
    rows = found(
        told(1, "Harbour Post"), told(2, "Mill Gazette", status="found"), told(3, "Coast Wire"),
        told(4, "Tidewatch", status="found"),
    )  # fmt: skip
    assert rows == [("status", 100, "alleged", 200, "found")]


def test_the_same_act_on_another_day_contradicts():
    fined = {"status": "found", "status_cue": "fined", "sanction": "fine"}
    first = told(1, "Harbour Post", words="Brightloom was fined on 3 March 2031.", **fined)
    assert found(first, told(2, "Mill Gazette", words="Brightloom was fined on March 4th.", **fined)) == [
        ("date", 100, "2031-03-03", 200, "2031-03-04")
    ]
    assert found(first, told(2, "Mill Gazette", words="Brightloom was fined on March 3.", **fined)) == []
    both = "Brightloom was fined on 4 March 2031 for what it did until 5 May 2030."
    assert found(first, told(2, "Mill Gazette", words=both, **fined)) == []
