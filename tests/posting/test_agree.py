"""Accounts and vouchers are held against what was cleared."""

from decimal import Decimal

import pytest

from pipeline.posting.agree import check_coding, check_voucher, differences
from pipeline.posting.errors import CodingDoubtful, CodingWrong, VoucherDiffers
from pipeline.posting.key import posting_key
from schemas import PostingOrder
from tests.posting.fakes import record, voucher_of
from tests.posting.plain_coding import plain_coding


def test_a_coding_that_is_wrong_or_doubtful_is_refused():
    """A cent is enough; what a person accepted is not doubted."""
    invoice = record("FA-1")
    coding = plain_coding(invoice, "main")
    with pytest.raises(CodingWrong):
        check_coding(coding, record("FA-1", gross_total=Decimal("119.99")), 0.8)
    doubtful = coding.model_copy(update={"confidence": 0.79})
    with pytest.raises(CodingDoubtful, match="79%"):
        check_coding(doubtful, invoice, 0.8)
    check_coding(doubtful, invoice, None)


def test_every_value_of_a_voucher_is_compared():
    """Number without regard to punctuation; a draft is no posting."""
    invoice = record("FA-1")
    key = posting_key("main", invoice)
    order = PostingOrder(
        key=key, document_id="d", part=1, file_name="f.pdf", sha256="0" * 64, record=invoice,
        coding=plain_coding(invoice, "main"),
    )  # fmt: skip
    voucher = voucher_of(order, "V1")
    assert differences(voucher.model_copy(update={"number": "fa 1"}), key, invoice) == []
    wrong = {
        "number": "FA-2", "issue_date": "2026-03-03", "net": Decimal(99), "tax": Decimal(21), "gross": Decimal(121),
        "currency": "USD", "is_posted": False,
    }  # fmt: skip
    for name, value in wrong.items():
        changed = type(voucher).model_validate(voucher.model_dump() | {name: value})
        assert len(differences(changed, key, invoice)) == 1, name
        with pytest.raises(VoucherDiffers):
            check_voucher(changed, key, invoice)


def test_vat_that_is_a_cost_in_the_books_is_no_difference():
    """Net and VAT may be as booked, where it is known how it was sent; a mixture is neither."""
    invoice = record("FA-1")
    key, plain = posting_key("main", invoice), plain_coding(invoice, "main")
    cost = plain.model_copy(update={"lines": (plain.lines[0].model_copy(update={"net": Decimal(120)}),), "taxes": ()})
    order = PostingOrder(
        key=key, document_id="d", part=1, file_name="f.pdf", sha256="0" * 64, record=invoice, coding=cost
    )
    voucher = voucher_of(order, "V1")
    assert differences(voucher, key, invoice, cost) == []
    assert differences(voucher_of(order.model_copy(update={"coding": plain}), "V1"), key, invoice, cost) == []
    assert len(differences(voucher, key, invoice)) == 2
    assert len(differences(voucher, key, invoice, plain)) == 2
    mixed = voucher.model_copy(update={"net": Decimal(100)})
    assert differences(mixed, key, invoice, cost) == ["VAT 0.00 instead of 20.00"]


def test_the_sign_of_a_credit_note_is_nobodys_business():
    """Pages print it either way, books and accounting systems too; of an invoice it counts."""
    for doc_type, is_right in (("credit_note", True), ("invoice", False)):
        printed = record("AV-1", doc_type=doc_type)
        coding = plain_coding(printed, "main")
        order = PostingOrder(
            key=posting_key("main", printed), document_id="d", part=1, file_name="f.pdf", sha256="0" * 64,
            record=printed, coding=coding,
        )  # fmt: skip
        voucher = voucher_of(order, "V1")
        turned = voucher.model_copy(update={n: -getattr(voucher, n) for n in ("net", "tax", "gross")})
        assert (differences(turned, order.key, printed) == []) is is_right
    booked = coding.model_copy(
        update={
            "lines": tuple(one.model_copy(update={"net": -one.net}) for one in coding.lines),
            "taxes": tuple(one.model_copy(update={"amount": -one.amount}) for one in coding.taxes),
        }
    )
    check_coding(booked, record("AV-1", doc_type="credit_note"), 0.8)
    with pytest.raises(CodingWrong):
        check_coding(booked, record("AV-1", doc_type="invoice"), 0.8)
