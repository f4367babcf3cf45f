"""A headline of our own for a violation, made from its record and never asserting more than its status."""

import re

from extract.facts import PartyRole, Status, Violation

_MOST_NAMES = 3
# What is said of the violator at each status; {rule} is whose rule it is and its words.
_CLAIMS: dict[Status, str] = {
    "hypothetical": "said to risk breaching {rule}",
    "alleged": "alleged to have breached {rule}",
    "under_investigation": "under investigation over {rule}",
    "found": "found to have breached {rule}",
    "admitted": "reported to have admitted breaching {rule}",
    "settled": "reported to have settled claims over {rule}",
    "dismissed": "cleared of claims over {rule}",
    "denied": "denies breaching {rule}",
}
_FIELDS = {
    "terms_of_service": "terms of service",
    "licence": "a licence or contract",
    "copyright": "copyright",
    "trademark": "trademark rights",
    "trade_secret": "trade secret law",
    "publicity_rights": "the right to one’s likeness",
    "privacy": "privacy rules",
    "consumer_protection": "consumer protection rules",
    "competition": "competition rules",
    "export_control_sanctions": "export controls or sanctions",
    "securities": "securities rules",
    "safety": "safety rules",
    "discrimination": "discrimination rules",
    "labour": "labour rules",
    "content_regulation": "content rules",
    "election": "election rules",
    "defamation": "defamation law",
    "ai_regulation": "AI rules",
    "court_order": "a court order",
    "professional_conduct": "rules of professional conduct",
    "computer_misuse": "computer misuse law",
    "crime": "criminal law",
    "insurance": "insurance rules",
    "voluntary_commitment": "its own commitment",
    "internal_policy": "an internal policy",
    "unspecified": "a rule",
}
_IMPOSED = {
    "fine": "fined",
    "damages": "ordered to pay damages",
    "settlement_payment": "to pay",
    "account_suspension": "account suspended",
    "service_ban": "service banned",
    "product_withdrawal": "product withdrawn",
    "data_or_model_deletion": "told to delete data",
    "order_to_change": "ordered to change",
    "licence_suspended": "licence suspended",
    "export_denied": "put under export restrictions",
    "arrest_or_charge": "arrested or charged",
    "criminal_sentence": "sentenced",
    "reprimand": "reprimanded",
    "disqualification": "disqualified",
}
# At the start of a rule's words: whose it is.
_WHOSE = re.compile(r"^(?:(?:[Tt]he )?(?:[A-Z][^\s’']*\s?)+(?:[’']s|(?<=s)[’'])|(?i:its|their|his|her|our|the)) ")
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_SCALES = ((1e9, "billion"), (1e6, "million"))


def violation_title(violation: Violation) -> str:
    """One line a reader may quote: who, how sure, which rule, at what cost.

    The sanction is named only if it was imposed, and not where the title says that nothing came of the matter; whoever
    is accused of a crime is "arrested or charged", not guilty.
    """
    claim = _CLAIMS[violation.status].format(rule=_rule(violation))
    line = f"{_names(violation, 'violator') or 'Unnamed party'} {claim}"
    cost = _cost(violation)
    return f"{line}; {cost}" if cost else line


def _names(violation: Violation, role: PartyRole) -> str:
    """ "A", "A and B", "A, B and others"."""
    names = list(dict.fromkeys(violation.named(role)))
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[: _MOST_NAMES - 1])} and others"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _rule(violation: Violation) -> str:
    """The rule with its owner, or the field's where the article names none."""
    if violation.rule is None:
        return _FIELDS[violation.rule_type]
    words = violation.rule
    owners = [n for n in violation.named("rule_owner") if n.lower() not in words.lower()]
    if owners and violation.rule_type in ("terms_of_service", "licence"):
        return f"{owners[0]}{'’' if owners[0][-1:] in 'sS' else '’s'} {_WHOSE.sub('', words)}"
    if words.lower().startswith(("its ", "their ", "his ", "her ", "the ", "a ", "an ")) or not words[:1].islower():
        return words
    return f"the {words}" if words.endswith((" act", " law", " code")) else words


def _cost(violation: Violation) -> str | None:
    if violation.sanction is None or violation.status in ("hypothetical", "dismissed"):
        return None
    words = _IMPOSED[violation.sanction]
    if violation.amount is not None and violation.sanction in ("fine", "damages", "settlement_payment"):
        words = (
            f"ordered to pay {money(violation)} in damages"
            if violation.sanction == "damages"
            else f"{words} {money(violation)}"
        )
    elif violation.sanction == "settlement_payment":
        words = "payment agreed"
    return words


def money(violation: Violation) -> str:
    """The amount as a reader writes it: "€1.2 billion", "CHF 40,000"."""
    amount = violation.amount or 0.0
    symbol = _SYMBOLS.get(violation.currency or "", f"{violation.currency} " if violation.currency else "")
    for scale, word in _SCALES:
        if amount >= scale:
            return f"{symbol}{amount / scale:.2f}".rstrip("0").rstrip(".") + f" {word}"
    return f"{symbol}{amount:,.0f}"
