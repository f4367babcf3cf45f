"""The sanctions that a sentence tells in words of its own, and those it only fears, wants or denies."""

import re

import pytest
from spacy.language import Language

from extract.components.measures import measures
from extract.components.tree import Tree
from extract.pipeline import build_pipeline
from extract.vocabulary import load_lexicon, load_words

_IMPOSED = [
    ("The trader was sentenced to three years in prison.", "criminal_sentence"),
    ("Officers arrested the owner at the airport.", "arrest_or_charge"),
    ("The owner was remanded in custody.", "arrest_or_charge"),
    ("The owner appeared before a judge on charges of theft.", "arrest_or_charge"),
    ("The watchdog fined the firm 3 million euros.", "fine"),
    ("The firm failed to avoid a fine of 3 million euros.", "fine"),
    ("It set the penalty at 550,000 euros.", "fine"),
    ("The firm must pay the painter 40,000 euros in damages.", "damages"),
    ("The firm agreed to pay 2 million dollars.", "settlement_payment"),
    ("The doctor was struck off on Friday.", "disqualification"),
    ("The agency suspended its permission to carry passengers.", "licence_suspended"),
    ("The regulator grounded its drones.", "licence_suspended"),
    ("Its planes were grounded.", "licence_suspended"),
    ("The judge barred the trader from running companies.", "disqualification"),
    ("Officials turned down its application for an export licence.", "export_denied"),
    ("The government barred the dealer from exporting controlled goods.", "export_denied"),
    ("The stores have taken down three apps.", "product_withdrawal"),
    ("The forum cut off the rival's access.", "account_suspension"),
    ("The company has to destroy every model built on the pictures.", "data_or_model_deletion"),
    ("The chain may no longer use cameras.", "service_ban"),
    ("The office reprimanded the council.", "reprimand"),
    ("The company must stop making such claims.", "order_to_change"),
    ("It undertook to disclose how it counts.", "order_to_change"),
    ("The company has ninety days to sell the exchange.", "order_to_change"),
    ("The firm is forbidden to take on customers.", "order_to_change"),
    ("Shops have to send back the bear.", "product_withdrawal"),
    ("She got 700 euros for her trouble.", "damages"),
    ("The maker will put 6 million into a fund.", "settlement_payment"),
    ("The baker will pay 9.5 million.", "payment"),
]
_NOT_IMPOSED = [
    "The firm could be fined 3 million euros.",
    "The union wants the doctor struck off.",
    "If it is found out, the dealer will be blacklisted.",
    "The trader faces up to ten years in prison.",
    "The council was not fined.",
    "The office decided against a fine of 90,000 pounds.",
    "The company has to wait.",
    "The company has a month to appeal.",
    "The baker will pay 9.5 million for the mill.",
    "The company escaped a fine for the breach.",
    "The court dismissed the appeal on the grounds that it came late.",
    "The company parked the money abroad.",
    "The court remanded the case to the lower judge.",
    "The painter appeared in court as the author of the pictures.",
    "The chatbot tells users to drink water.",
    "The suit was thrown out of court.",
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_pipeline(load_lexicon())


@pytest.mark.parametrize(("line", "kind"), _IMPOSED)
def test_measure_is_told(nlp: Language, line: str, kind: str) -> None:
    assert kind in {m.kind for m in measures(Tree(nlp(line))[:]) if not m.is_threat}


@pytest.mark.parametrize("line", _NOT_IMPOSED)
def test_what_might_be_is_no_measure(nlp: Language, line: str) -> None:
    assert [m for m in measures(Tree(nlp(line))[:]) if not m.is_threat] == []


def test_patterns_are_in_small_letters() -> None:
    patterns = [pattern for each in load_words("measures").values() for pattern in each]
    assert [p for p in patterns if re.search(r"[A-Z]", re.sub(r"\\.", "", p))] == []
