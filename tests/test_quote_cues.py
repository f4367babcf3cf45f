"""The table of cues is checked when it is read, and says of every verb how the words said may follow."""

from pathlib import Path

import pytest
import yaml

from extract.components.quote_cues import FRAMES, _table, cue_table
from extract.vocabulary import LexiconError

CUES = yaml.safe_load((Path(__file__).parents[1] / "extract" / "lexicon" / "cues.yml").read_text(encoding="utf-8"))
LISTS = ("nouns", "documents", "rules", "releases", "persons", "finders", "outlets")


def test_about_two_hundred_verbs_with_their_forms():
    assert len(CUES["verbs"]) >= 200
    assert [name for name, entry in CUES["verbs"].items() if name.split()[0] not in entry["forms"]] == []


def test_verbs_are_sorted():
    assert list(CUES["verbs"]) == sorted(CUES["verbs"])


def test_every_frame_is_used():
    used = {frame for verbs in cue_table().verbs.values() for verb in verbs for frame in verb.frames}
    assert used == FRAMES


def test_verbs_with_a_particle_come_first():
    assert cue_table().verbs["pointed"][0].name == "point out"


@pytest.mark.parametrize("key", LISTS)
def test_words_of_a_list_stand_there_once(key):
    assert len(CUES[key]) == len(set(CUES[key]))


def test_rules_are_documents():
    assert set(CUES["rules"]) - set(CUES["documents"]) <= {"bylaws", "directive", "ordinance"}


@pytest.mark.parametrize(
    ("verbs", "message"),
    [
        ({"say": {"forms": ["say"], "frame": ["clause"]}}, "say: unknown key 'frame'"),
        ({"say": {"forms": ["say"], "frames": ["clauses"]}}, "say: expected forms, and frames among"),
        ({"say": {"frames": ["clause"]}}, "say: expected forms"),
    ],
    ids=["key", "frame", "forms"],
)
def test_wrong_verb_is_refused(verbs, message):
    with pytest.raises(LexiconError, match=message):
        _table({"verbs": verbs, **{key: [] for key in LISTS}})


def test_missing_list_is_refused():
    with pytest.raises(LexiconError, match="expected the keys verbs, nouns"):
        _table({"verbs": {}})
