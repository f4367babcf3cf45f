"""The rule type that the words of a rule tell."""

import re

# The head of a generic rule phrase and the type it has by itself.
HEADS = {
    "law": "unspecified",
    "laws": "unspecified",
    "rule": "unspecified",
    "rules": "unspecified",
    "regulation": "unspecified",
    "regulations": "unspecified",
    "statute": "unspecified",
    "statutes": "unspecified",
    "act": "unspecified",
    "code": "unspecified",
    "rulebook": "unspecified",
    "directive": "unspecified",
    "ordinance": "unspecified",
    "legislation": "unspecified",
    "treaty": "unspecified",
    "constitution": "unspecified",
    "obligations": "unspecified",
    "requirements": "unspecified",
    "standards": "unspecified",
    "policy": "terms_of_service",
    "policies": "terms_of_service",
    "guidelines": "internal_policy",
    "terms": "terms_of_service",
    "licence": "licence",
    "license": "licence",
    "licences": "licence",
    "licenses": "licence",
    "agreement": "licence",
    "contract": "licence",
    "contracts": "licence",
    "agreements": "licence",
    "permit": "safety",
    "order": "court_order",
    "orders": "court_order",
    "injunction": "court_order",
    "ruling": "court_order",
    "decree": "court_order",
    "subpoena": "court_order",
    "pledge": "voluntary_commitment",
    "pledges": "voluntary_commitment",
    "commitment": "voluntary_commitment",
    "commitments": "voluntary_commitment",
    "promise": "voluntary_commitment",
    "promises": "voluntary_commitment",
    "charter": "voluntary_commitment",
    "sanctions": "export_control_sanctions",
    "controls": "export_control_sanctions",
    "embargo": "export_control_sanctions",
    "restrictions": "unspecified",
    "copyright": "copyright",
    "copyrights": "copyright",
    "trademark": "trademark",
    "trademarks": "trademark",
    "patent": "unspecified",
    "patents": "unspecified",
    "rights": "unspecified",
    "principles": "internal_policy",
    "nda": "trade_secret",
    "protections": "unspecified",
    "provisions": "unspecified",
    "provision": "unspecified",
    "duty": "unspecified",
    "duties": "unspecified",
    "obligation": "unspecified",
    "requirement": "unspecified",
    "undertaking": "voluntary_commitment",
    "undertakings": "voluntary_commitment",
}

_PATTERNS: dict[str, re.Pattern[str]] = {
    type_: re.compile(pattern)
    for type_, pattern in {
        "export_control_sanctions": r"export|sanction|embargo|entity list|customs|strategic goods|dual-use",
        "terms_of_service": r"terms of (?:service|use)|usage polic|user agreement|acceptable use|developer"
        r" (?:polic|terms)|community|(?:content|advertis\w+) polic|app store|platform|\bapi\b",
        "labour": r"labou?r|employ|collective|wage|overtime|worker|whistleblow|working time",
        "privacy": r"privacy|data|supervisory authority|\bdpa\b|biometric|wiretap|surveillance|eavesdrop"
        r"|personal information|cookie"
        r"|confidentiality of",
        "copyright": r"copyright|intellectual property|authors|piracy",
        "trademark": r"trade ?mark",
        "trade_secret": r"trade secret|non-?disclosure|\bnda\b|confidential",
        "publicity_rights": r"publicity|likeness|personality",
        "competition": r"antitrust|competition|monopol|cartel|merger|digital markets|fair trad(?:e|ing)",
        "consumer_protection": r"consumer|advertis|deceptive|caller id|telephone|trading standards|unfair"
        r" (?:commercial|practices|trade)|trade practices|deceptive|subscription|refund"
        r"|telemarketing",
        "securities": r"financial|securities|investor|disclosure|listing|market abuse|insider|stock",
        "safety": r"safety|\broad|vehicle|traffic|medical device|product liability|aviation|drone|flight|medicines"
        r"|transport",
        "discrimination": r"discriminat|equal|civil rights|housing|disabilit|human rights|fair lending|fair hiring",
        "content_regulation": r"\bmedia|internet regulat|digital services|online safety|content|child protection"
        r"|media law|broadcast|\bage\b|\bharm",
        "election": r"\belect(?:ion|or)|campaign|voter|robocall",
        "defamation": r"defamation|libel",
        "ai_regulation": r"\bai\b|artificial|algorithm|deepfake|automated",
        "insurance": r"insurance",
        "professional_conduct": r"professional|ethic|court rules|rules of court|code of practice|bar |medical"
        r"|legal profession",
        "computer_misuse": r"computer|hacking|cyber",
        "crime": r"crimin|fraud|penal|corrupt|bribery|launder|racketeer|\btax",
        "licence": r"licen[cs]e|contract|gpl",
        "voluntary_commitment": r"pledge|commitment|promise|founding|charter",
        "internal_policy": r"honou?r code|student (?:handbook|code)|academic integrity"
        r"|contest|competition rules|house rules|internal|company polic|\bown |code of conduct"
        r"|editorial|staff|workplace",
        "court_order": r"court|consent (?:decree|order)|gag|preservation|restraining|injunction|subpoena",
    }.items()
}


def type_of(words: str, head: str = "") -> str:
    """The rule type that the words of a phrase tell, else that of its head noun."""
    low = words.lower()
    for type_, pattern in _PATTERNS.items():
        if pattern.search(low):
            return type_
    return HEADS.get(head, "unspecified")
