import io
import re
from pathlib import Path

import facturx
import pikepdf
import pypdfium2 as pdfium
import pytest
from stdnum import iban
from stdnum.fr import tva

from samples.traps import TRAPS, main, make_traps
from samples.truth import Sample


@pytest.fixture(scope="module")
def made() -> list[Sample]:
    return list(make_traps(5, len(TRAPS) + 2))


@pytest.fixture(scope="module")
def traps(made: list[Sample]) -> dict[str, Sample]:
    return {sample.truth["trap"]: sample for sample in made}


def text_of(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"[\s\u202f\xa0.,'’]", "", text)


def amount(sample: Sample, name: str = "gross_total") -> int:
    return round(float(sample.truth["fields"][name]) * 100)


def test_every_trap_comes(traps: dict[str, Sample]) -> None:
    """One round makes every trap, and the originals of the duplicates."""
    assert set(traps) == {*TRAPS, "original"}


def test_wrong_sums_do_not_add_up(traps: dict[str, Sample]) -> None:
    """Net and VAT are not the gross total."""
    sample = traps["sums"]
    assert amount(sample, "net_total") + amount(sample, "tax_total") != amount(sample)


def test_wrong_check_digits_are_wrong(traps: dict[str, Sample]) -> None:
    """The IBAN and the VAT id fail their checks, and stand on the page as the truth says."""
    wrong_iban, wrong_vat = traps["iban"], traps["vat_id"]
    assert not iban.is_valid(wrong_iban.truth["fields"]["iban"])
    assert wrong_iban.truth["fields"]["iban"] in text_of(wrong_iban.content)
    assert not tva.is_valid(wrong_vat.truth["fields"]["seller_vat_id"])
    assert wrong_vat.truth["fields"]["seller_vat_id"] in text_of(wrong_vat.content)


@pytest.mark.parametrize("name", ["text_invisible", "text_white", "text_off_page"])
def test_hidden_text_tells_another_total(traps: dict[str, Sample], name: str) -> None:
    """The text layer holds the printed total and, unseen, the doubled one."""
    with pikepdf.open(io.BytesIO(traps[name].content)) as pdf:
        hidden = b"".join(stream.read_bytes() for stream in pdf.pages[0].Contents)
    doubled = 2 * amount(traps[name])
    assert str(amount(traps[name])) in text_of(traps[name].content)
    assert any(str(near).encode() in re.sub(rb"[^0-9]", b"", hidden) for near in range(doubled - 3, doubled + 4))


def test_covered_and_remapped_text_lacks_the_printed_total(traps: dict[str, Sample]) -> None:
    """Neither the text under a picture nor remapped glyphs give the total that is seen."""
    for name in ("text_covered", "text_remapped"):
        text = text_of(traps[name].content)
        assert len(text) > 100
        assert str(amount(traps[name])) not in text


def test_the_xml_of_a_lying_factur_x_differs_from_its_page(traps: dict[str, Sample]) -> None:
    """The page shows the truth's total, the XML another."""
    sample = traps["facturx_differs"]
    _, xml = facturx.get_facturx_xml_from_pdf(sample.content, check_xsd=False)
    assert f">{sample.truth['fields']['gross_total']}<".encode() not in xml
    assert str(amount(sample)) in text_of(sample.content)


def test_duplicates_share_their_business_key_and_no_bytes(made: list[Sample], traps: dict[str, Sample]) -> None:
    """A duplicate names its pair; all but the number is equal for a renumbered one."""
    samples = {sample.file: sample for sample in made}
    for name in ("duplicate", "renumbered"):
        again = traps[name]
        first = samples[again.truth["pair"]]
        keys = ["issue_date", "gross_total", "seller_name"] + ["invoice_number"] * (name == "duplicate")
        assert [again.truth["fields"][key] for key in keys] == [first.truth["fields"][key] for key in keys]
        assert again.content != first.content


def test_a_non_invoice_says_what_it_is(traps: dict[str, Sample]) -> None:
    """The truth of a quote, order, statement or the like names its type and claims no due total to post."""
    assert traps["non_invoice"].truth["fields"]["doc_type"] not in {"invoice", "credit_note"}


def test_a_truncated_file_claims_no_truth(traps: dict[str, Sample]) -> None:
    """Half a PDF has no end marker and no fields to be held to."""
    sample = traps["truncated"]
    assert b"%%EOF" not in sample.content
    assert sample.truth["fields"] == {}


def test_the_command_line_writes_them(tmp_path: Path) -> None:
    """The command writes the files and their truth."""
    main([str(tmp_path), "--count", "2"])
    assert len((tmp_path / "truth.jsonl").read_text("utf-8").splitlines()) == len(list(tmp_path.glob("*.pdf"))) == 2
