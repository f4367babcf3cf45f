"""Stories and claims for the tests of grouping, short to write."""

from extract.facts import Party, Span, Story, Violation


def violation(who, *, rule="terms of service", rule_type="terms_of_service", status="alleged", words=None, **fields):
    """A claim against the violators named, separated by commas; ``against`` names the rule's owner."""
    against = fields.pop("against", None)
    names = [name.strip() for name in who.split(",") if name.strip()]
    parties = [Party(role="violator", name=name) for name in names]
    parties += [Party(role="rule_owner", name=against)] if against else []
    words = words or f"{who} is said to have broken {rule} ({status})."
    return Violation(
        spans=(Span(start_char=0, end_char=len(words), words=words),), parties=tuple(parties), rule=rule,
        rule_type=rule_type, status=status, confidence=fields.pop("confidence", 0.8), rule_name="test", **fields,
    )  # fmt: skip


def story(number, title, text="", *claims, published="2031-03-03", publisher=None, **fields):
    """A story; its claims get ids from a hundred times its own."""
    return Story(
        article_id=number, title=title, text=text, published=published, publisher=publisher,
        violations=tuple((number * 100 + n, claim) for n, claim in enumerate(claims)), **fields,
    )  # fmt: skip
