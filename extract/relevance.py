"""Is an article about AI policy? Two gates: it speaks of AI, and of law, harm or conduct."""

import re

from extract.facts import Relevance
from extract.vocabulary import Lexicon

_AI = re.compile(
    r"(?<!\w)(?:A\.?I\.?|artificial intelligence|chatbots?|deepfakes?|algorithms?|LLMs?|GPT\S*|ChatGPT)(?!\w)"
)
_POLICY = re.compile(
    r"(?<!\w)(?:laws?|lawsuit|sue[sd]?|ban(?:s|ned)?|fine[sd]?|rules?|regulat\w+|suspend\w*|terms|licen[cs]e|court|"
    r"privacy|copyright|harm\w*|violat\w+|polic(?:y|ies)|investigat\w+|accused?|bias\w*|discriminat\w+)(?!\w)",
    re.IGNORECASE,
)


def relevance(title: str, text: str, lexicon: Lexicon) -> Relevance:
    """The score, and the words of each gate that fired in title and lead."""
    head = f"{title}\n{' '.join(text.split()[:150])}"
    ai = tuple(dict.fromkeys(match.group() for match in _AI.finditer(head)))
    policy = tuple(dict.fromkeys(match.group() for match in _POLICY.finditer(head)))
    return Relevance(score=(bool(ai) + bool(policy)) / 2 if ai and policy else 0.0, ai_words=ai, policy_words=policy)
