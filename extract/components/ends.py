"""How a matter ended, where only a later sentence tells: the award of the court, what is paid under the settlement."""

from collections.abc import Sequence

from extract.components import syntax
from extract.components.bearers import borne_by
from extract.components.claims import Claim
from extract.components.measures import Measure
from extract.components.scene import Scene
from extract.components.status import BACKGROUND
from extract.facts import Status

_PAYS = frozenset({"payment", "settlement_payment"})
_IMPOSED = frozenset({"damages", "fine"})


def end(own: Sequence[Claim], open_: Sequence[Claim], scene: Scene) -> Status | None:
    """Settled or found, of the only matter of an article in which its violator is said to have broken a rule."""
    his = {a.identity for c in own for a in c.violators}
    is_settled = any(c.status == "settled" for c in open_)
    for number in range(len(scene.sentences)):
        if scene.in_title(number) or scene.says(BACKGROUND, number):
            continue
        for measure in scene.measures_in(number):
            if measure.is_threat:
                continue
            borne = {a.identity for a in borne_by(measure, number, scene)}
            if is_settled and measure.kind in _PAYS and borne & his:
                return "settled"
            is_imposed = measure.kind in _IMPOSED and scene.is_authority(syntax.doer(measure.verb))
            if is_imposed and (borne & his or is_awarded(measure, number, scene)):
                return "found"
    return None


def is_awarded(measure: Measure, number: int, scene: Scene) -> bool:
    """ "The court awarded X 3 million": to whom it was done, whoever has to pay."""
    is_award = measure.kind == "damages" and scene.small[number].startswith("award", measure.start)
    return is_award and scene.is_authority(syntax.doer(measure.verb))
