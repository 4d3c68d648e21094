"""Chooses allowances and charges of the whole document with the sum of the lines, so that they make the net total."""

from decimal import Decimal
from itertools import product

from pipeline.extract.adding_up import TOLERANCE
from pipeline.extract.views import Proposals
from schemas import Candidate, FieldName

SIDE = LINES, ALLOWANCE, CHARGE = FieldName.LINES_TOTAL, FieldName.ALLOWANCE_TOTAL, FieldName.CHARGE_TOTAL
MOST_RIVALS = 3
LEAST_SCORE = 0.2
"""What a label must say of an amount that the sums ask for."""

Chosen = dict[FieldName, Candidate]


def fit_side_amounts(chosen: Chosen, rivals: Proposals, lines_net: Decimal | None) -> Chosen:
    """The choice with allowance, charge and sum of lines of EN 16931 BR-CO-13 (net = lines - allowances + charges).

    Nothing changes where the rule holds as they are, or where no other choice makes it hold: then the document, or
    its reading, is at fault, and the rules tell. `lines_net` is what the lines add up to.
    """
    net = chosen.get(FieldName.NET_TOTAL)
    if net is None or not any(name in chosen for name in (ALLOWANCE, CHARGE)) or _holds(chosen, net.value, lines_net):
        return chosen
    rest = {name: option for name, option in chosen.items() if name not in SIDE}
    pools = [[None, *_named(rivals, name)] for name in SIDE]
    choices = ({one.name: one for one in combo if one} for combo in product(*pools))
    fitting = [one for one in choices if _is_backed(one, lines_net) and _holds(one, net.value, lines_net)]
    return rest | max(fitting, key=_strength) if fitting else chosen


def _named(rivals: Proposals, name: FieldName) -> list[Candidate]:
    return [option for option in rivals.get(name, ())[:MOST_RIVALS] if option.score >= LEAST_SCORE]


def _is_backed(found: Chosen, lines_net: Decimal | None) -> bool:
    """Whether the sum of the lines is what the lines add up to, where they are known."""
    return LINES not in found or lines_net is None or abs(found[LINES].value - lines_net) <= TOLERANCE


def _holds(chosen: Chosen, net: Decimal, lines_net: Decimal | None) -> bool:
    lines = chosen[LINES].value if LINES in chosen else lines_net
    if lines is None:
        return False
    allowance, charge = (abs(chosen[name].value) if name in chosen else Decimal(0) for name in (ALLOWANCE, CHARGE))
    return bool(abs(abs(lines) - allowance + charge - abs(net)) <= TOLERANCE)


def _strength(found: Chosen) -> float:
    return sum(option.score for option in found.values())
