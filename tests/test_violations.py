"""What the violation finder records of invented articles; apart, of those set aside before it was tuned."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from spacy.language import Language

from extract.components.claim_view import claim_view
from extract.components.violations import ViolationFinder
from extract.facts import Text, Violation, check_spans
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_TEXTS = Path(__file__).parent / "texts"
_SETS = (
    "violations",
    "violations_more",
    "violations_long",
    "violations_aside",
    "violations_long_aside",
    "violations_fresh_aside",
    "violations_prose",
    "violations_prose_aside",
    "violations_lookalikes",
    "violations_news_aside",
    "violations_features_aside",
    "violations_features",
    "violations_news",
    "violations_costs",
    "violations_costs_aside",
    "violations_wire",
    "violations_wire_aside",
    "violations_local",
    "violations_local_aside",
)
_CASES = {name: yaml.safe_load((_TEXTS / f"{name}.yml").read_text(encoding="utf-8")) for name in _SETS}
_ALL = [case for cases in _CASES.values() for case in cases]


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """What a set of cases must reach: a little under what it did when it was last looked at."""

    misses: int
    violator_f1: float
    types: float
    statuses: float
    costs: float
    false_alarms: int = 1


@dataclass(slots=True)
class Score:
    """Counts of one set of cases."""

    missed: int = 0
    false_alarms: int = 0
    wanted: int = 0
    found: int = 0
    right: int = 0
    aligned: int = 0
    type_right: int = 0
    status_right: int = 0
    costs: int = 0
    costs_right: int = 0

    @property
    def violator_f1(self) -> float:
        return 2 * self.right / (self.wanted + self.found)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_pipeline(load_lexicon())


@pytest.fixture(scope="module")
def found(nlp: Language) -> dict[str, list[Violation]]:
    texts = [document(nlp, Text(article_id=1, title=c["title"], text=c["text"].strip())) for c in _ALL]
    return {case["id"]: doc._.violations for case, doc in zip(_ALL, nlp.pipe(texts), strict=True)}


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("violations", Least(misses=1, violator_f1=0.96, types=0.96, statuses=0.93, costs=0.90)),
        ("violations_more", Least(misses=3, violator_f1=0.82, types=0.88, statuses=0.88, costs=0.75)),
        ("violations_long", Least(misses=1, violator_f1=0.95, types=0.80, statuses=0.95, costs=0.75)),
        ("violations_long_aside", Least(misses=2, violator_f1=0.68, types=0.85, statuses=0.85, costs=0.60)),
        ("violations_aside", Least(misses=1, violator_f1=0.94, types=0.92, statuses=0.95, costs=0.90)),
        (
            "violations_fresh_aside",
            Least(misses=5, violator_f1=0.83, types=0.93, statuses=0.88, costs=0.70, false_alarms=2),
        ),
        ("violations_prose", Least(misses=2, violator_f1=0.88, types=0.90, statuses=0.93, costs=0.76)),
        (
            "violations_news_aside",
            Least(misses=7, violator_f1=0.55, types=0.75, statuses=0.80, costs=0.40),
        ),
        (
            "violations_features_aside",
            Least(misses=11, violator_f1=0.40, types=0.85, statuses=0.70, costs=0.15),
        ),
        ("violations_features", Least(misses=2, violator_f1=0.85, types=0.80, statuses=0.85, costs=0.65)),
        ("violations_news", Least(misses=2, violator_f1=0.78, types=0.70, statuses=0.90, costs=0.77)),
        ("violations_costs", Least(misses=5, violator_f1=0.72, types=0.85, statuses=0.85, costs=0.72, false_alarms=0)),
        (
            "violations_costs_aside",
            Least(misses=7, violator_f1=0.38, types=0.75, statuses=0.9, costs=0.2, false_alarms=0),
        ),
        ("violations_wire", Least(misses=0, violator_f1=0.82, types=0.80, statuses=0.85, costs=0.75, false_alarms=0)),
        (
            "violations_wire_aside",
            Least(misses=2, violator_f1=0.82, types=0.75, statuses=0.9, costs=0.58, false_alarms=1),
        ),
        ("violations_local", Least(misses=4, violator_f1=0.7, types=0.65, statuses=0.85, costs=0.5, false_alarms=0)),
        (
            "violations_local_aside",
            Least(misses=4, violator_f1=0.58, types=0.9, statuses=0.85, costs=0.3, false_alarms=0),
        ),
        ("violations_prose_aside", Least(misses=3, violator_f1=0.58, types=0.80, statuses=0.80, costs=0.29)),
        ("violations_lookalikes", Least(misses=0, violator_f1=0.99, types=1, statuses=1, costs=1, false_alarms=0)),
    ],
)
def test_cases_are_recorded(found: dict[str, list[Violation]], name: str, least: Least) -> None:
    score = Score()
    for case in _CASES[name]:
        _count(case["violations"], found[case["id"]], score)
    assert score.missed <= least.misses, score
    assert score.false_alarms <= least.false_alarms, score
    assert score.violator_f1 >= least.violator_f1, score
    assert score.type_right >= least.types * score.aligned, score
    assert score.status_right >= least.statuses * score.aligned, score
    assert score.costs_right >= least.costs * score.costs, score


def _count(expected: list[dict[str, Any]], found: list[Violation], score: Score) -> None:
    is_reported = any(v.status != "hypothetical" for v in found)
    should_be = any(e["status"] != "hypothetical" for e in expected)
    score.missed += should_be and not is_reported
    score.false_alarms += is_reported and not should_be
    score.wanted += len({name for e in expected for name in e["by"]})
    score.found += len({name for v in found for name in v.named("violator")})
    for want in expected:
        match = next((v for v in found if _shares_violator(want, v) and v.rule_type in want["type"].split("|")), None)
        match = match or next((v for v in found if _shares_violator(want, v)), None)
        for key in ("sanction", "amount"):
            if key in want:
                score.costs += 1
                score.costs_right += match is not None and str(getattr(match, key)) in _spellings(want[key])
        if match is None:
            continue
        score.aligned += 1
        score.right += sum(any(name in n.split("|") for name in match.named("violator")) for n in want["by"])
        score.type_right += match.rule_type in want["type"].split("|")
        score.status_right += match.status in want["status"].split("|")


def _shares_violator(want: dict[str, Any], violation: Violation) -> bool:
    return any(name in n.split("|") for n in want["by"] for name in violation.named("violator"))


def _spellings(value: str | float) -> list[str]:
    return value.split("|") if isinstance(value, str) else [str(float(value))]


@pytest.mark.parametrize("case", [c for c in _ALL if "innocent" in c], ids=lambda c: c["id"])
def test_bystander_is_not_blamed(found: dict[str, list[Violation]], case: dict[str, Any]) -> None:
    blamed = {name for v in found[case["id"]] for name in v.named("violator")}
    assert blamed.isdisjoint(case["innocent"])


def test_denial_is_the_response_and_not_the_evidence(found: dict[str, list[Violation]]) -> None:
    (violation,) = found["l-denial-is-no-evidence"]
    assert violation.response == "denied"
    assert "denied" not in violation.evidence.words


def test_plaintiff_that_sells_pictures_is_no_picture_credit(nlp: Language) -> None:
    title = "Photo archive Tessaluna sues Marrowgate Labs for copyright infringement"
    body = (
        "Tessaluna Images, a photo archive, has sued Marrowgate Labs for copyright infringement. The complaint, filed"
        " on Wednesday at the High Court of Veldania, alleges that the company copied 1.4 million photographs."
    )
    (violation,) = nlp(document(nlp, Text(article_id=1, title=title, text=body)))._.violations
    assert violation.named("violator") == ("Marrowgate Labs",)
    assert violation.named("claimant") == ("Tessaluna Images",)


def test_claimant_is_never_a_product(found: dict[str, list[Violation]]) -> None:
    parties = [p for violations in found.values() for v in violations for p in v.parties]
    assert not [p for p in parties if p.role == "claimant" and p.product is not None]


@pytest.mark.parametrize("case", _ALL, ids=lambda c: c["id"])
def test_spans_stand_in_the_body(found: dict[str, list[Violation]], case: dict[str, Any]) -> None:
    text = f"{case['title']}\n\n{case['text'].strip()}"
    violations = found[case["id"]]
    assert not check_spans(text, violations)
    assert all(v.evidence.start_char >= len(case["title"]) + 2 for v in violations)
    assert all(v.evidence.role == "evidence" for v in violations)
    for v in violations:
        said = [span.words for span in v.spans if span.role == "sanction"]
        assert bool(said) == bool(v.sanction or v.sanction_threatened or v.amount), v


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("the European Digital Services Act", "dsa"),
        ("the European Union's Digital Services Act", "dsa"),
        ("the British Online Safety Act", "uk-online-safety-act"),
        ("the Australian Online Safety Act", "australia-online-safety-act"),
        ("the U.S. Sherman Act", "sherman-act"),
        ("the Turkish Sherman Act", None),
    ],
)
def test_a_law_is_known_with_its_country_before_it(nlp: Language, words: str, slug: str | None) -> None:
    body = f"The regulator fined Orvane €5 million on Monday for breaching {words}, it said. Orvane is an AI company."
    (violation,) = nlp(document(nlp, Text(article_id=1, title="Orvane fined", text=body)))._.violations
    assert (violation.rule, violation.rule_entity) == (words.removeprefix("the "), slug)


def test_a_law_is_not_taken_to_where_it_does_not_hold(found: dict[str, list[Violation]]) -> None:
    (violation,) = found["l-a-fine-of-another-country"]
    assert violation.rule_entity != "dsa"


def test_unnamed_rule_is_inferred_and_not_shown_as_words(found: dict[str, list[Violation]]) -> None:
    for violation in (v for violations in found.values() for v in violations):
        if violation.rule is None:
            assert violation.rule_entity is None or violation.rule_basis == "inferred"
        else:
            assert violation.rule_basis == "stated"


def test_same_text_gives_the_same_violations_every_time(nlp: Language) -> None:
    case = _CASES["violations"][0]
    text = Text(article_id=1, title=case["title"], text=case["text"].strip())
    assert nlp(document(nlp, text))._.violations == nlp(document(nlp, text))._.violations


def test_claims_can_be_read(nlp: Language) -> None:
    finder = nlp.get_pipe("blotter_violations")
    assert isinstance(finder, ViolationFinder)
    text = Text(
        article_id=1, title="Tovira sues Brackenfold", text="Tovira sued Brackenfold for copyright infringement."
    )
    view = claim_view(finder, nlp(document(nlp, text)))
    assert "sue" in view
    assert "=> " in view
    assert "Brackenfold" in view


def _of(nlp: Language, title: str, body: str) -> list[Violation]:
    violations: list[Violation] = nlp(document(nlp, Text(article_id=1, title=title, text=body)))._.violations
    return violations


_REFERRED = "The Commission referred two nations to the highest court for failing to apply the Data Act. "


def test_counted_states_are_those_listed_next(nlp: Language) -> None:
    only = _of(nlp, "", _REFERRED + "It said that Czechoslovakia and Yugoslavia had not named a regulator.")
    assert [v.named("violator") for v in only] == [("Czechoslovakia", "Yugoslavia")]


def test_states_that_are_more_or_fewer_than_counted_are_not_blamed(nlp: Language) -> None:
    found = _of(nlp, "", _REFERRED + "Czechoslovakia had asked the Commission to act.")
    assert "Czechoslovakia" not in {name for v in found for name in v.named("violator")}


def test_authority_is_not_blamed_for_what_it_finds_of_an_unknown(nlp: Language) -> None:
    found = _of(nlp, "EU finds that Brackenfold breached the Data Act", "The European Commission spoke on Monday.")
    assert found == []


def test_crime_of_another_sentence_is_not_the_charge(nlp: Language) -> None:
    body = (
        "The banks argued in their suit that the Lending Bureau lacks the authority to impose it."
        " They also said that the change would increase fraud."
    )
    (only,) = _of(nlp, "", body)
    assert (only.named("violator"), only.rule, only.rule_type) == (("Lending Bureau",), None, "unspecified")


@pytest.mark.parametrize(
    "line",
    [
        "The school broke the law by filming pupils, the data watchdog has concluded.",
        "The audit office found that the ministry of health had broken procurement law.",
        "The authority told Larkspan to unwind its purchase of Talverne, which it had closed without approval.",
        "The letter, which says that Talverne was fined for breaking the Data Act, is a forgery.",
    ],
)
def test_firm_that_is_only_named_nearby_is_not_blamed(nlp: Language, line: str) -> None:
    found = _of(nlp, "", f"{line} Talverne has its seat in Ghent.")
    assert "Talverne" not in {name for v in found for name in v.named("violator")}
