import csv
import io
import re
from pathlib import Path

import facturx
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from stdnum import iban
from stdnum.fr import siret, tva

from samples.degrade import render
from samples.lies import HIDING_PLACES, add_text
from samples.render import html_to_pdf
from samples.traps import _STAMPS, TRAPS, main, make_traps, order_of, write_master
from samples.truth import Sample


@pytest.fixture(scope="module")
def made() -> list[Sample]:
    return list(make_traps(5, len(TRAPS)))


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
    """IBAN, VAT id and SIRET fail their checks, and stand on the page (where it has text) as the truth says."""
    for trap, field, check in (
        ("iban", "iban", iban),
        ("vat_id", "seller_vat_id", tva),
        ("siret", "seller_siret", siret),
    ):
        sample = traps[trap]
        assert not check.is_valid(sample.truth["fields"][field])
        assert sample.truth["fields"][field] in text_of(sample.content) or sample.truth["kind"] != "native"


@pytest.mark.parametrize("name", [f"text_{how}" for how in HIDING_PLACES])
def test_hidden_text_tells_another_total(traps: dict[str, Sample], name: str) -> None:
    """The text layer holds the printed total and, unseen, the doubled one."""
    with pikepdf.open(io.BytesIO(traps[name].content)) as pdf:
        hidden = b"".join(stream.read_bytes() for stream in pdf.pages[0].Contents)
    doubled = 2 * amount(traps[name])
    assert str(amount(traps[name])) in text_of(traps[name].content)
    assert any(str(near).encode() in re.sub(rb"[^0-9]", b"", hidden) for near in range(doubled - 3, doubled + 4))


@pytest.mark.parametrize("how", HIDING_PLACES)
def test_hidden_text_changes_no_pixel(how: str) -> None:
    """A page looks the same with the text that nobody sees."""
    honest = html_to_pdf("<style>@page{size:A5;margin:1cm}</style><p>Total 12,00</p>")
    before, after = render(honest, 72)[0], render(add_text(honest, ["Total 99,00"], how), 72)[0]
    assert np.array_equal(before, after)


def test_covered_and_remapped_text_lacks_the_printed_total(traps: dict[str, Sample]) -> None:
    """Neither the text under a picture nor remapped glyphs give the total that is seen."""
    for name in ("text_covered", "text_remapped"):
        text = text_of(traps[name].content)
        assert len(text) > 100
        assert str(amount(traps[name])) not in text


@pytest.mark.parametrize(("trap", "field"), [("xml_number", "invoice_number"), ("xml_iban", "iban"), ("xml_date", "")])
def test_the_xml_of_a_hybrid_tells_another_value(traps: dict[str, Sample], trap: str, field: str) -> None:
    """The page and the truth say one number, IBAN or date, the XML another."""
    truth = traps[trap].truth["fields"]
    _, xml = facturx.get_facturx_xml_from_pdf(traps[trap].content, check_xsd=False)
    value = truth[field] if field else truth["issue_date"].replace("-", "")
    issued = re.search(rb"IssueDateTime>\s*<[^>]*>(\d{8})<", xml)
    assert issued
    assert (f">{value}<".encode() not in xml) if field else (issued[1] != value.encode())


def test_a_changed_iban_is_valid_and_not_that_of_the_master(traps: dict[str, Sample], tmp_path: Path) -> None:
    """The account on the page passes its check; the master knows the supplier by another one."""
    write_master(order_of(5, len(TRAPS), "train"), tmp_path / "suppliers.csv")
    rows = {row["key"]: row for row in csv.DictReader((tmp_path / "suppliers.csv").open(encoding="utf-8"))}
    truth = traps["changed_iban"].truth
    known = rows[truth["supplier"]]["ibans"].split("|")
    assert iban.is_valid(truth["fields"]["iban"])
    assert known[0]
    assert truth["fields"]["iban"] not in known
    honest = traps["original"].truth
    assert (
        honest["fields"].get("iban", rows[honest["supplier"]]["ibans"].split("|")[0])
        in rows[honest["supplier"]]["ibans"]
    )


def test_every_trap_says_why(made: list[Sample]) -> None:
    """A trap gives the reason why it must not go straight through, an honest original gives none."""
    for sample in made:
        assert bool(sample.truth["trap_reason"]) == (sample.truth["trap"] != "original")


def test_the_xml_of_a_lying_factur_x_differs_from_its_page(traps: dict[str, Sample]) -> None:
    """The page shows the truth's total, the XML another."""
    sample = traps["facturx_differs"]
    _, xml = facturx.get_facturx_xml_from_pdf(sample.content, check_xsd=False)
    assert f">{sample.truth['fields']['gross_total']}<".encode() not in xml
    assert str(amount(sample)) in text_of(sample.content) or not text_of(sample.content)


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
    main([str(tmp_path), "--count", "2", "--traps", "text_white", "xml_date"])
    assert len((tmp_path / "truth.jsonl").read_text("utf-8").splitlines()) == len(list(tmp_path.glob("*.pdf"))) == 2
    assert (tmp_path / "suppliers.csv").read_text("utf-8").startswith("key,name,vat_id")


def test_a_used_number_comes_again_with_another_total(made: list[Sample], traps: dict[str, Sample]) -> None:
    """Seller, number and date are those of the original, the total is another."""
    again = traps["number_used"].truth
    first = next(sample.truth for sample in made if sample.file == again["pair"])
    for name in ("seller_name", "invoice_number", "issue_date"):
        assert again["fields"][name] == first["fields"][name]
    assert again["fields"]["gross_total"] != first["fields"]["gross_total"]


def test_dates_lie_years_away(traps: dict[str, Sample]) -> None:
    """One invoice is dated years ahead, another is older than any books."""
    assert traps["future"].truth["fields"]["issue_date"] > "2029"
    assert traps["ancient"].truth["fields"]["issue_date"] < "1997"


def test_a_wrong_row_of_the_breakdown_is_printed(traps: dict[str, Sample]) -> None:
    """The first VAT amount is not what its rate makes of its base."""
    truth = traps["vat_rows"].truth
    row = truth["taxes"][0]
    assert truth["visible_taxes"]
    assert abs(float(row["base"]) * float(row["rate"]) / 100 - float(row["amount"])) > 10


def test_a_stamp_stands_on_the_page(traps: dict[str, Sample]) -> None:
    """The stamp is ink that the honest page has not."""
    assert any(word in text_of(traps["stamped"].content) for word in _STAMPS)
