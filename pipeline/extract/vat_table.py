"""The VAT breakdown (BG-23) as a document prints it: recap tables, totals blocks, sentences.

A row counts when its numbers prove it: base x rate = tax (BT-117 = BT-116 x BT-119 / 100), as far as cents allow.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, permutations
from typing import NamedTuple

from pipeline.extract.line_items.body import is_itemlike
from pipeline.extract.line_items.choose import lines_sum, printed_totals
from pipeline.extract.line_items.labels import is_row_word, names_vat
from pipeline.extract.line_items.rows import rows_of
from pipeline.extract.line_items.tokens import Row, Token
from pipeline.extract.parsing import parse_percent
from pipeline.extract.rates import VAT_RATES
from pipeline.extract.vat_category import with_categories
from schemas import InvoiceLine, Page, VatBreakdown

TOLERANCE = Decimal("0.02")
_NEAR_ROWS = 4
"""Rows of one recap table are not further apart than this many rows."""
_BELOW_RATES = 6
_HEADER_ABOVE = 8
_MANY_UNKNOWN_WORDS = 2


_RateBaseTax = tuple[Decimal, Decimal, Decimal]


class _Found(NamedTuple):
    """A row of the breakdown and where it stands; `base` is None when only rate and tax are printed there."""

    page: int
    section: int
    row: int
    rate: Decimal
    base: Decimal | None
    tax: Decimal
    named: bool = False

    def value(self) -> VatBreakdown:
        return VatBreakdown(rate=self.rate, base=self.base, amount=self.tax)


def extract_vat_breakdown(pages: Sequence[Page]) -> tuple[VatBreakdown, ...]:
    """The rows of the VAT breakdown that the pages print, each once, in reading order; empty when none is found.

    `base` is None where a rate and a tax are printed and no printed sum fits them; `category` where no VAT is charged
    and no words say why.
    """
    rows = rows_of(pages)
    totals = printed_totals(rows)
    complete = [found for index, page in enumerate(rows) for found in _complete_rows(index, page)]
    blocks = [block for block in _blocks(complete) if _is_believable(block, totals)]
    recap = max(blocks, key=lambda block: _trust(block, totals), default=[])
    known = {found.rate for found in recap}
    tax_only = [found for index, page in enumerate(rows) for found in _tax_only_rows(index, page, totals)]
    others = _once_a_rate([found for found in tax_only if found.rate not in known])
    values = [found.value() for found in [*recap, *others]] or _without_rate(rows, totals)
    return with_categories(dict.fromkeys(values), pages)


def with_bases(breakdown: Sequence[VatBreakdown], lines: Sequence[InvoiceLine]) -> tuple[VatBreakdown, ...]:
    """The breakdown with the bases that the lines of each rate add up to, where a base is not printed.

    Only a sum that the printed rate and tax prove becomes a base; lines with VAT in their amounts prove nothing.
    """
    return tuple(
        row if row.base is not None else row.model_copy(update={"base": _base_of_lines(row, lines)})
        for row in breakdown
    )


def _base_of_lines(row: VatBreakdown, lines: Sequence[InvoiceLine]) -> Decimal | None:
    total = lines_sum([line for line in lines if line.tax_rate == row.rate and not line.includes_tax])
    if total is None or row.rate is None or row.amount is None or not _fits(total, row.rate, row.amount):
        return None
    return total


def _complete_rows(page: int, rows: Sequence[Row]) -> Iterator[_Found]:
    """Rows with rate, base and tax that prove each other; also tables with a column a rate."""
    section = 0
    for index, row in enumerate(rows):
        section += names_vat(row.text) and not _amounts(row)
        for part in _about_vat(rows, index):
            if proved := _proved(part):
                yield _Found(page, section, index, *proved, named=_speaks_of_sums(part))
                break
        for upright in _upright(index, rows):
            yield _Found(page, section, index, *upright, named=True)


def _about_vat(rows: Sequence[Row], index: int) -> Iterator[Row]:
    """The row, or what stands left or right of its widest gap, where that is about VAT.

    It is when it or a header not far above it names VAT, and it is no invoice line.
    """
    if is_itemlike(rows[index]) and not (names_vat(rows[index].text) and any(map(_percent, rows[index].tokens))):
        return
    below_header = any(names_vat(row.text) for row in rows[max(0, index - _HEADER_ABOVE) : index])
    for part in (rows[index], *_halves(rows[index])):
        named = names_vat(part.text)
        most = 2 * _MANY_UNKNOWN_WORDS if named else _MANY_UNKNOWN_WORDS
        if (named or below_header) and _unknown_words(part) <= most:
            yield part


def _halves(row: Row) -> tuple[Row, ...]:
    gaps = [after.box.x0 - before.box.x1 for before, after in pairwise(row.tokens)]
    if not gaps:
        return ()
    cut = gaps.index(max(gaps)) + 1
    return Row(row.line, row.tokens[:cut]), Row(row.line, row.tokens[cut:])


def _speaks_of_sums(row: Row) -> bool:
    """Whether a row names VAT itself, or says nothing that a description would."""
    return names_vat(row.text) or not _unknown_words(row)


def _unknown_words(row: Row) -> int:
    """How many words of a row do not belong to the language of sums."""
    return sum(not is_row_word(token.text) for token in row.tokens if _is_word(token))


def _is_word(token: Token) -> bool:
    return token.number is None and "%" not in token.text and any(char.isalpha() for char in token.text)


def _amounts(row: Row) -> list[Decimal]:
    """The amounts on a row, left to right: numbers with cents or a currency."""
    numbers = [token.number for token in row.numbers if token.number and not token.number.percent]
    return [number.value for number in numbers if number.decimals == 2 or number.currency]


def _proved(row: Row) -> _RateBaseTax | None:
    """The rate, base and tax of a row, best with their sum, the gross amount, beside them."""
    amounts = _amounts(row)
    proofs = [
        (rate, base, tax)
        for rate in _rates(row)
        for base, tax in permutations(amounts, 2)
        if base and (tax or not rate) and _fits(base, rate, tax)
    ]
    return max(proofs, key=lambda proof: proof[1] + proof[2] in amounts, default=None)


def _rates(row: Row) -> list[Decimal]:
    """The rates on a row: with a percent sign, else plain numbers that are VAT rates in use."""
    if any(_percent(token) is not None for token in row.tokens):
        return _signed_rates(row)
    plain = (token.number.value for token in row.numbers if token.number and not token.number.currency)
    return [value for value in plain if value in VAT_RATES and value]


def _percent(token: Token) -> Decimal | None:
    if token.number:
        return token.number.value if token.number.percent else None
    return parse_percent(token.text)


def _fits(base: Decimal, rate: Decimal, tax: Decimal) -> bool:
    return abs(base * rate / 100 - tax) <= TOLERANCE


def _upright(index: int, rows: Sequence[Row]) -> Iterator[_RateBaseTax]:
    """A recap with one column a rate: a row of rates, and below it a row of bases and a row of taxes."""
    heads = [token for token in rows[index].numbers if token.number and token.number.percent]
    if len(heads) < 2 or len(heads) < len(rows[index].numbers) or not any(_about_vat(rows, index)):
        return
    below = [_under(heads, row) for row in rows[index + 1 : index + 1 + _BELOW_RATES]]
    full = [values for values in below if None not in values]
    for bases, taxes in permutations(full, 2):
        cells = [
            (head.number.value, base, tax)
            for head, base, tax in zip(heads, bases, taxes, strict=True)
            if head.number and base is not None and tax is not None and _fits(base, head.number.value, tax)
        ]
        if len(cells) == len(heads) and any(base != tax for _, base, tax in cells):
            yield from cells
            return


def _under(heads: Sequence[Token], row: Row) -> list[Decimal | None]:
    """For each head the amount of the row that stands under it."""
    return [
        next(
            (
                token.number.value
                for token in row.numbers
                if token.number and min(head.box.x1, token.box.x1) > max(head.box.x0, token.box.x0)
            ),
            None,
        )
        for head in heads
    ]


def _blocks(found: Sequence[_Found]) -> list[list[_Found]]:
    """Rows that stand together, as one recap table each."""
    blocks: list[list[_Found]] = []
    for item in found:
        last = blocks[-1][-1] if blocks else None
        if last is None or (last.page, last.section) != (item.page, item.section) or item.row - last.row > _NEAR_ROWS:
            blocks.append([])
        blocks[-1].append(item)
    return blocks


def _is_believable(block: Sequence[_Found], totals: Counter[Decimal]) -> bool:
    """Whether the rows speak of sums, or add up to printed totals: else they may be invoice lines."""
    return any(found.named for found in block) or _trust(block, totals)[0] > 0


def _trust(block: Sequence[_Found], totals: Counter[Decimal]) -> tuple[int, int, int]:
    """Blocks whose sums are printed as totals are right; then larger ones, then later ones."""
    base = sum((found.base or Decimal(0) for found in block), Decimal(0))
    tax = sum((found.tax for found in block), Decimal(0))
    printed = (base in totals) + (tax in totals) + (base + tax in totals)
    return printed, len({found.rate for found in block}), block[0].page


def _tax_only_rows(page: int, rows: Sequence[Row], totals: Counter[Decimal]) -> Iterator[_Found]:
    """Rates with their tax only, such as "TVA 20 % 20,00" on one row or in a box of the totals.

    The base is the printed sum that rate and tax prove, if there is one.
    """
    for index in range(len(rows)):
        beside = (_beside(part) for part in _about_vat(rows, index))
        pairs = [pair for pair in beside if pair][:1] or list(_boxed(rows, index))
        for rate, tax in pairs:
            base = _closest_base(rate, tax, totals)
            if bool(rate) == bool(tax) and (base is not None or rate in VAT_RATES):
                yield _Found(page, 0, index, rate, base, tax)


def _beside(row: Row) -> tuple[Decimal, Decimal] | None:
    """The only rate and the last amount of a row that names VAT."""
    rates, amounts = _signed_rates(row), _amounts(row)
    return (rates[0], amounts[-1]) if names_vat(row.text) and len(set(rates)) == 1 and amounts else None


def _boxed(rows: Sequence[Row], index: int) -> Iterator[tuple[Decimal, Decimal]]:
    """Rates in labels that stand right above their amounts."""
    if _amounts(rows[index]) or index + 1 == len(rows):
        return
    for cell in rows[index].cells:
        rates = _signed_rates(cell)
        below = [value for value in _under(cell.tokens, rows[index + 1]) if value is not None]
        if names_vat(cell.text) and len(rates) == 1 and len(set(below)) == 1:
            yield rates[0], below[0]


def _signed_rates(row: Row) -> list[Decimal]:
    return [rate for token in row.tokens if (rate := _percent(token)) is not None and 0 <= rate < 100]


def _closest_base(rate: Decimal, tax: Decimal, totals: Counter[Decimal]) -> Decimal | None:
    """The printed sum that is the base; without VAT the sum that is printed as net and again as gross."""
    if not rate and not tax:
        base, count = max(totals.items(), key=lambda item: (bool(item[0]), item[1]), default=(None, 0))
        return base if count > 1 else None
    fitting = [total for total in totals if tax and total != tax and _fits(total, rate, tax)]
    return min(fitting, key=lambda total: abs(total * rate / 100 - tax), default=None)


def _without_rate(rows: Sequence[Sequence[Row]], totals: Counter[Decimal]) -> list[VatBreakdown]:
    """For a single "TVA 507,00" without its rate: the rate in use that leads from a printed net to a printed gross."""
    taxes = {_amounts(row)[-1] for page in rows for row in page if names_vat(row.text) and _amounts(row)}
    proofs = [
        VatBreakdown(rate=rate, base=net, amount=tax)
        for tax in taxes
        for net in totals
        if tax and net and net + tax in totals
        for rate in VAT_RATES
        if _fits(net, rate, tax) and rate
    ]
    return proofs if len(proofs) == 1 else []


def _once_a_rate(found: Sequence[_Found]) -> list[_Found]:
    """The first row of each rate; one whose base is known comes before one without."""
    best: dict[Decimal, _Found] = {}
    for item in found:
        kept = best.get(item.rate)
        if kept is None or (kept.base is None and item.base is not None):
            best[item.rate] = item
    return list(best.values())
