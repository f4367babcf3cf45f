"""Titles made from records say no more than the records."""

import pytest

from extract.facts import Party, Span, Status, Violation
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
            _violation("alleged", sanction="arrest_or_charge", rule=None, rule_type="crime"),
            "Unnamed party alleged to have breached criminal law; charged",
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


@pytest.mark.parametrize("status", ["hypothetical", "alleged", "under_investigation", "settled", "dismissed", "denied"])
def test_title_asserts_no_breach_that_nobody_found(status: Status) -> None:
    assert "found to have" not in violation_title(_violation(status, "Brackenfold"))
