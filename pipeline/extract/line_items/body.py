"""Which rows of a page belong to a table: from its header down to the sums that end it."""

from collections.abc import Sequence
from itertools import permutations

from pipeline.extract.line_items.labels import RowLabel, is_row_word, row_label
from pipeline.extract.line_items.roles import multiplies
from pipeline.extract.line_items.tokens import Row, Token, has_letters
from schemas import Box

_STRONG = (RowLabel.TOTAL, RowLabel.SUBTOTAL, RowLabel.CARRY)
_ROWS_TO_AMOUNT = 2
"""A row of labels may have its amounts so far below: another heading can stand between."""
SUMS = frozenset({RowLabel.TOTAL, RowLabel.TOTAL_ALONE, RowLabel.SUBTOTAL})


def label_of(row: Row) -> RowLabel | None:
    """What a row says of itself, when it is no invoice line: a sum, a carried amount, an explanation."""
    if not row.runs:
        return None
    labels = [row_label(run) for run in row.runs]
    first = labels[0]
    if first in (None, RowLabel.TOTAL_ALONE):
        first = next((label for label in labels if label in _STRONG), first)
    if first is None and RowLabel.TOTAL_ALONE in labels and all(is_row_word(w) for w in row.words):
        first = RowLabel.TOTAL_ALONE
    return None if first in SUMS and is_itemlike(row) else first


def is_itemlike(row: Row) -> bool:
    """Whether a row has words and three numbers of which two, less a percentage beside them, give the third."""
    numbers = [token.number for token in row.numbers if token.number and not token.number.percent]
    if len(numbers) < 3 or not any(has_letters(run, 3) for run in row.runs):
        return False
    discounts = [None, *(token.number for token in row.numbers if token.number and token.number.percent)]
    return any(
        amount.decimals == 2 and amount.value and multiplies(quantity, price, discount, amount)
        for quantity, price, amount in permutations(numbers[:7], 3)
        for discount in discounts[:3]
    )


def body(rows: Sequence[Row], *, beyond_subtotals: bool) -> tuple[tuple[Row, ...], bool]:
    """The rows of the table among those below its header, and whether its end was seen.

    A sum ends the table unless lines that multiply out follow; with `beyond_subtotals` only the last sum that is
    called a total does.
    """
    right_edge = 0.0
    for index, row in enumerate(rows):
        label = label_of(row)
        if label not in SUMS or not amounts_of_sum(rows, index) or _is_cell(row, label, right_edge):
            right_edge = max(right_edge, *(token.box.x1 for token in row.amounts), 0.0)
            continue
        if label is RowLabel.SUBTOTAL and beyond_subtotals:
            continue
        if not any(label_of(later) is None and is_itemlike(later) for later in rows[index + 1 :]):
            return tuple(rows[:index]), True
    return tuple(rows), False


def has_subtotals(pages: Sequence[Sequence[Row]]) -> bool:
    """Whether any row is called a subtotal."""
    return any(label_of(row) is RowLabel.SUBTOTAL for rows in pages for row in rows)


def _is_cell(row: Row, label: RowLabel | None, right_edge: float) -> bool:
    """Whether a word like "VAT" or "net" stands in a cell of a line: its amount is not where amounts end."""
    if label is not RowLabel.TOTAL_ALONE:
        return False
    return not right_edge or (bool(row.amounts) and row.amounts[-1].box.x1 < right_edge - 4 * row.line.height)


def amounts_of_sum(rows: Sequence[Row], index: int) -> tuple[Token, ...]:
    """The amounts on the row of a sum, or alone on the next row, or right below their labels."""
    if rows[index].amounts or index + 1 == len(rows):
        return rows[index].amounts
    if not rows[index + 1].runs:
        return rows[index + 1].amounts
    words = [token.box for token in rows[index].tokens]
    below = [token for row in rows[index + 1 : index + 1 + _ROWS_TO_AMOUNT] for token in row.amounts]
    return tuple(token for token in below if any(_stands_under(token.box, word) for word in words))


def _stands_under(below: Box, above: Box) -> bool:
    return min(below.x1, above.x1) > max(below.x0, above.x0)
