"""Titles made from records say no more than the records."""

from itertools import product
from typing import get_args

import pytest

from extract.facts import SANCTIONS, Party, Span, Status, Violation
from extract.titles import violation_title

_EVIDENCE = Span(start_char=0, end_char=3, words="It.")


def _violation(status: Status, *names: str, owner: str | None = None, **fields: object) -> Violation:
    parties = tuple(Party(role="violator", name=n) for n in names)
    if owner is not None:
        parties += (Party(role="rule_owner", name=owner),)
    base: dict[str, object] = {"rule": "GDPR", "rule_type": "privacy", "confidence": 0.9, "rule_name": "fine"}
    return Violation(spans=(_EVIDENCE,), parties=parties, status=status, **(base | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("violation", "title"),
    [
        (
            _violation(
                "alleged",
                "ByteDance",
                owner="OpenAI",
                rule="terms of service",
                rule_type="terms_of_service",
                sanction="account_suspension",
            ),
            "ByteDance alleged to have breached OpenAI’s terms of service; account suspended",
        ),
        (
            _violation("found", "Brackenfold", sanction="fine", amount=3.2e6, currency="EUR"),
            "Brackenfold found to have breached GDPR; fined €3.2 million",
        ),
        (
            _violation("under_investigation", "Brackenfold", "Larkspan"),
            "Brackenfold and Larkspan under investigation over GDPR",
        ),
        (
            _violation("settled", "A", "B", "C", "D", sanction="settlement_payment"),
            "A, B and others reported to have settled claims over GDPR; payment agreed",
        ),
        (
            _violation("dismissed", "Tovira", rule=None, rule_type="defamation"),
            "Tovira cleared of claims over defamation law",
        ),
        (_violation("denied", "Tovira", sanction_threatened="fine"), "Tovira denies breaching GDPR"),
        (
            _violation("alleged", "Tovira", owner="Harrow Labs", rule="licence", rule_type="licence"),
            "Tovira alleged to have breached Harrow Labs’ licence",
        ),
        *(
            (
                _violation("alleged", "Tovira", owner="Harrow Labs", rule=rule, rule_type="terms_of_service"),
                "Tovira alleged to have breached Harrow Labs’ terms of service",
            )
            for rule in (
                "Harrow's terms of service",
                "its terms of service",
                "the terms of service",
                "the Harrow Group’s terms of service",
            )
        ),
        (
            _violation("alleged", "Tovira", owner="Harrow Labs", rule="users' agreement", rule_type="licence"),
            "Tovira alleged to have breached Harrow Labs’ users' agreement",
        ),
        (
            _violation("alleged", sanction="arrest_or_charge", rule=None, rule_type="crime"),
            "Unnamed party alleged to have breached criminal law; arrested or charged",
        ),
        (
            _violation("found", "Tovira", sanction="damages", amount=650.0, currency="CAD"),
            "Tovira found to have breached GDPR; ordered to pay CAD 650 in damages",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_title_says_what_the_record_says(violation: Violation, title: str) -> None:
    assert violation_title(violation) == title


# What each status may say, and nothing else of whether a rule was broken.
_SAYS: dict[Status, str] = {
    "hypothetical": "said to risk breaching",
    "alleged": "alleged to have breached",
    "under_investigation": "under investigation over",
    "found": "found to have breached",
    "admitted": "reported to have admitted breaching",
    "settled": "reported to have settled claims over",
    "dismissed": "cleared of claims over",
    "denied": "denies breaching",
}
_NAMES = ((), ("Brackenfold",), ("Brackenfold", "Larkspan"), ("Brackenfold", "Larkspan", "Tovira", "Harrow"))
_RULES = (
    {},
    {"rule": None, "rule_type": "crime"},
    {"rule": "terms of service", "rule_type": "terms_of_service", "owner": "Quillmere"},
    {"rule": "licence", "rule_type": "licence", "owner": "Tovira Labs"},
)


def test_every_status_has_its_words() -> None:
    assert _SAYS.keys() == set(get_args(Status))


@pytest.mark.parametrize("names", _NAMES, ids=len)
@pytest.mark.parametrize("status", _SAYS)
def test_title_asserts_no_more_than_its_status(status: Status, names: tuple[str, ...]) -> None:
    sanctions = [{"sanction": s} for s in SANCTIONS] + [{"sanction_threatened": s} for s in SANCTIONS]
    for rule, sanction, amount in product(_RULES, [{}, *sanctions], [{}, {"amount": 5e6, "currency": "EUR"}]):
        title = violation_title(_violation(status, *names, **(rule | sanction | amount)))
        claim, _, cost = title.partition("; ")
        assert claim.startswith(names[0] if names else "Unnamed party")
        assert [words for words in _SAYS.values() if words in claim] == [_SAYS[status]]
        is_told = "sanction" in sanction and status not in ("hypothetical", "dismissed")
        assert bool(cost) == is_told
        assert "€" not in claim
