"""Is an article about AI policy? Two gates, over title and lead: it speaks of AI, and of law, harm or conduct."""

import re
from functools import cache

from extract.facts import Relevance
from extract.vocabulary import Lexicon, Record, load_words

_LEAD = 150  # words
_LONGEST = 5  # words of a name that is looked up
# What a word is worth, in the title and in the lead; both gates must come to a product of a quarter.
_WEIGHTS = {
    "ai": (1.0, 0.6),
    "ai_weak": (0.4, 0.15),
    "policy": (1.0, 0.4),
    "policy_weak": (0.4, 0.15),
    "both": (0.6, 0.4),
}
_AI_KINDS = frozenset({"model", "chatbot", "system", "dataset", "library"})
_TOKEN = re.compile(r"[^\W_](?:[\w.&'’+-]*\w)?")


def relevance(title: str, text: str, lexicon: Lexicon) -> Relevance:
    """The score, and the words of each gate that fired; the ends of both must meet for it to reach a half."""
    lead = " ".join(text.split()[:_LEAD])
    ai: dict[str, float] = {}
    policy: dict[str, float] = {}
    for part, place in ((title, 0), (lead, 1)):
        for key, weights in _WEIGHTS.items():
            for match in _pattern(key).finditer(part):
                word = match.group()
                for gate, keys in ((ai, ("ai", "ai_weak")), (policy, ("policy", "policy_weak", "both"))):
                    if key in keys:
                        gate[word] = max(gate.get(word, 0.0), weights[place])
        for name, record in _names(part, lexicon):
            for gate, worth in ((ai, _ai_worth(record, lexicon, place)), (policy, _policy_worth(record) / (1 + place))):
                if worth:
                    gate[name] = max(gate.get(name, 0.0), worth)
    product = min(1.0, sum(ai.values())) * min(1.0, sum(policy.values()))
    return Relevance(score=round(product**0.5, 3), ai_words=_ranked(ai), policy_words=_ranked(policy))


def may_be_relevant(text: str, lexicon: Lexicon) -> bool:
    """Does a page hold words of both gates, wherever on it? If not, no article on it is relevant."""
    is_ai = any(_pattern(key).search(text) for key in ("ai", "ai_weak"))
    is_policy = any(_pattern(key).search(text) for key in ("policy", "policy_weak", "both"))
    if is_ai and is_policy:
        return True
    records = [record for _, record in _names(text, lexicon)]
    return (is_ai or any(_ai_worth(r, lexicon, 0) for r in records)) and (is_policy or any(map(_policy_worth, records)))


def _ranked(words: dict[str, float]) -> tuple[str, ...]:
    """The words, the weightiest first."""
    return tuple(sorted(words, key=lambda word: -words[word]))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """A pattern for the words of one list."""
    words = sorted(load_words("relevance")[key], key=lambda w: (-len(w), w))
    exact = [_stem(word) for word in words if word.isupper() or word[:2].isupper()]
    folded: dict[str, list[str]] = {}
    for word in words:
        if not (word.isupper() or word[:2].isupper()):
            folded.setdefault(word[0].lower(), []).append(_stem(word[1:]))
    # by their first letters, so that at most places none of the many has to be tried
    groups = [f"[{first}{first.upper()}](?i:{'|'.join(rest)})" for first, rest in folded.items()]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(exact + groups)})(?![\w])")


def _stem(word: str) -> str:
    return re.escape(word.removesuffix("*")) + (r"[\w-]*" if word.endswith("*") else "")


def _names(part: str, lexicon: Lexicon) -> list[tuple[str, Record]]:
    """Names of the lexicon in the text, the longest at each place."""
    words = [(m.start(), m.end()) for m in _TOKEN.finditer(part)]
    found, i = [], 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            whole = part[words[i][0] : words[i + n - 1][1]].removesuffix("'s").removesuffix("’s")
            name = whole if whole in lexicon.names else whole.rpartition("-")[0]
            if slugs := lexicon.names.get(name):
                found += [(name, record) for slug in slugs if _is_meant(record := lexicon.records[slug], part)]
                i += n - 1
                break
        i += 1
    return found


def _is_meant(record: Record, part: str) -> bool:
    """Whether an ambiguous name has one of its cues near."""
    return not record.context or bool(_cues(record.cues).search(part))


@cache
def _cues(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!\w)", re.IGNORECASE)


def _ai_worth(record: Record, lexicon: Lexicon, place: int) -> float:
    """How far a name by itself says that AI is the matter, in the title (0) or the lead (1).

    Who makes no AI is named in the leads of all kinds of news: there such a name says little.
    """
    in_lead = 0.5 if _is_ai(record) or _makes_ai(record, lexicon) else 0.25
    return _worth_in_title(record, lexicon) * (in_lead if place else 1.0)


def _worth_in_title(record: Record, lexicon: Lexicon) -> float:
    if _is_ai(record):
        return 0.8
    if record.kind in ("project", "company"):
        return 0.4
    return 0.2 if record.kind == "person" and _makes_ai(record, lexicon) else 0.0


def _is_ai(record: Record) -> bool:
    """A model or the like, a lab, a law on AI."""
    if record.kind == "project":
        return record.subkind in _AI_KINDS
    if record.kind == "company":
        return record.subkind == "lab" or record.name.endswith(" AI")
    return record.kind == "rule" and record.rule_type == "ai_regulation"


def _makes_ai(record: Record, lexicon: Lexicon) -> bool:
    """A company that makes models or the like, a product of its, or somebody who stands for it."""
    made = lexicon.made.get(record.slug, frozenset()) | lexicon.made.get(record.parent or "", frozenset())
    return not made.isdisjoint(_AI_KINDS)


def _policy_worth(record: Record) -> float:
    if record.kind == "rule":
        return 1.0 if record.strength is None else 0.5
    return 0.4 if record.kind == "authority" else 0.0
