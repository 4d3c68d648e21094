"""Holds a coding, and what a target says that it holds, against what was cleared."""

from decimal import Decimal
from typing import Any

from pipeline.posting.errors import CodingDoubtful, CodingWrong, VoucherDiffers
from pipeline.validate.identifiers import plain
from schemas import Coding, DocumentType, FieldName, PostingKey, Record, Voucher


def check_coding(coding: Coding, record: Record, least: float | None) -> None:
    """Raise CodingWrong when it is not the record's total, CodingDoubtful when it is less sure than `least`.

    `least` is None where a person has looked at it.
    """
    gross = record.value(FieldName.GROSS_TOTAL)
    if gross is None or _unsigned(coding.total, record) != _unsigned(gross, record):
        raise CodingWrong(f"Lines and taxes add up to {coding.total}, the invoice to {gross}.")
    if least is not None and coding.confidence < least:
        why = " ".join(coding.why)
        raise CodingDoubtful(f"The accounts are sure to {coding.confidence:.0%} only. {why}".strip())


def check_voucher(voucher: Voucher, key: PostingKey, record: Record, coding: Coding | None = None) -> None:
    """Raise VoucherDiffers unless it is posted, with the number, date, amounts and currency that were cleared."""
    if differing := differences(voucher, key, record, coding):
        said = ", ".join(differing)
        raise VoucherDiffers(f"Voucher {voucher.target_id} differs from what was cleared: {said}.")


def differences(voucher: Voucher, key: PostingKey, record: Record, coding: Coding | None = None) -> list[str]:
    """What differs, in words; nothing where the record does not say a value.

    Net and VAT may be those of the invoice or, where `coding` is how it was sent, those that were booked: VAT that
    cannot be deducted is a cost in the books.
    """
    wanted = {
        "number": (plain(voucher.number), key.number),
        "date": (voucher.issue_date, key.issue_date),
        "total with VAT": (voucher.gross, key.gross),
        "total without VAT": (voucher.net, record.value(FieldName.NET_TOTAL)),
        "VAT": (voucher.tax, record.value(FieldName.TAX_TOTAL)),
        "currency": (voucher.currency, record.value(FieldName.CURRENCY)),
    }
    if coding is not None and _is_as_booked(voucher, coding, record):
        del wanted["total without VAT"], wanted["VAT"]
    compared = {name: [_unsigned(value, record) for value in pair] for name, pair in wanted.items()}
    differing = ((name, has, cleared) for name, (has, cleared) in compared.items() if cleared not in (None, has))
    found = [f"{name} {_said(has)} instead of {_said(cleared)}" for name, has, cleared in differing]
    return found if voucher.is_posted else ["it is a draft", *found]


def _is_as_booked(voucher: Voucher, coding: Coding, record: Record) -> bool:
    booked = coding.total - coding.tax, coding.tax
    has = voucher.net, voucher.tax
    return [_unsigned(one, record) for one in has] == [_unsigned(one, record) for one in booked]


def _unsigned(value: Any, record: Record) -> Any:
    """An amount of a credit note without its sign, which pages, books and accounting systems set as they like."""
    is_credit = record.value(FieldName.DOC_TYPE) == DocumentType.CREDIT_NOTE
    return abs(value) if is_credit and isinstance(value, Decimal) else value


def _said(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
