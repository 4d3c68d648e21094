import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pypdfium2 as pdfium
import pytest
from PIL import Image

from samples import notation
from samples.generate import DOC_TYPES, KINDS, LANGUAGES, Order, generate, main, make_sample
from samples.layouts import layouts_of
from samples.model import make_paper
from samples.printing import field_value
from samples.sheet import SheetPrinter
from samples.supplier import supplier_at
from samples.truth import Sample
from samples.words import wordings, words
from schemas import FIELD_TERMS, DocumentType, FieldName, Invoice, ValueKind


@pytest.fixture(scope="module")
def one_of_each() -> dict[str, Sample]:
    return {sample.truth["kind"]: sample for sample in generate(11, len(KINDS))}


@pytest.fixture(scope="module")
def natives() -> list[Sample]:
    return list(generate(10, 9, kinds=["native"]))


@pytest.fixture(scope="module")
def held_out() -> list[Sample]:
    """Every layout of the splits held out, the languages in turn; every third document is no plain invoice."""
    made = []
    for number, layout in enumerate((*layouts_of("test"), *layouts_of("blind"))):
        language, other = LANGUAGES[number % len(LANGUAGES)], list(DOC_TYPES)[number % len(DOC_TYPES)]
        doc_type = DocumentType.INVOICE if number % 3 else other
        made += generate(number, 1, ["native"], [language], [layout], [doc_type])
    return made


@pytest.fixture(scope="module")
def all_natives(natives: list[Sample], held_out: list[Sample]) -> list[Sample]:
    return natives + held_out


def text_of(pdf: bytes) -> str:
    """The text layer without white space and without what separates groups of digits."""
    document = pdfium.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"[\s\u202f\xa0\ufffe]", "", text)


def test_the_same_seed_gives_the_same_bytes(one_of_each: dict[str, Sample]) -> None:
    """Generating again gives equal files and equal truth: print, worn scan, photo, fax, and print with XML."""
    order = Order(11, len(KINDS))
    for kind in ("native", "degraded", "photo", "fax", "facturx"):
        sample = make_sample(order, KINDS.index(kind))
        assert sample.content == one_of_each[sample.truth["kind"]].content, sample.file
        assert sample.truth == one_of_each[sample.truth["kind"]].truth


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("native", b"%PDF"), ("scan", b"%PDF"), ("degraded", b"%PDF"), ("photo", b"\xff\xd8"), ("fax", b"II*"),
        ("tiff", b"II*"), ("facturx", b"%PDF"), ("ubl", b"<?xml"), ("cii", b"<?xml"),
    ],
)  # fmt: skip
def test_each_kind_has_its_file_type(one_of_each: dict[str, Sample], kind: str, start: bytes) -> None:
    """A kind's file starts as files of its type do."""
    assert one_of_each[kind].content.startswith(start)


@pytest.mark.parametrize("kind", ["scan", "degraded"])
def test_scans_have_no_text_layer(one_of_each: dict[str, Sample], kind: str) -> None:
    """Scanned PDFs hold pictures only."""
    assert text_of(one_of_each[kind].content) == ""


def test_a_fax_is_black_and_white_at_fax_resolution(one_of_each: dict[str, Sample]) -> None:
    """A fax is a one-bit TIFF of 204 x 196 dpi, CCITT group 4."""
    image = Image.open(io.BytesIO(one_of_each["fax"].content))
    assert image.mode == "1"
    assert image.info["compression"] == "group4"
    assert [round(float(dpi)) for dpi in image.info["dpi"]] == [204, 196]


def test_every_visible_identifier_and_name_stands_in_the_text(all_natives: list[Sample]) -> None:
    """What the truth calls visible is on the page: numbers, names and identifiers letter by letter."""
    kinds = {ValueKind.IDENTIFIER, ValueKind.TEXT}
    for sample in all_natives:
        text = re.sub(r"[-.]", "", text_of(sample.content)).upper()
        for name, visible in sample.truth["visible_fields"].items():
            if visible and FIELD_TERMS[FieldName(name)].kind in kinds:
                value = re.sub(r"[\s\-.]", "", sample.truth["fields"][name]).upper()
                assert value in text, (sample.file, name)


def test_every_visible_amount_and_line_stands_in_the_text(all_natives: list[Sample]) -> None:
    """Every visible total is on the page digit by digit, and so is every line's description and amount."""
    for sample in all_natives:
        text = text_of(sample.content).replace("-", "")  # PDFium drops the hyphen at the end of a line
        digits = re.sub(r"[.,'’]", "", text)
        names = [name for name, visible in sample.truth["visible_fields"].items() if visible]
        amounts = [name for name in names if FIELD_TERMS[FieldName(name)].kind is ValueKind.AMOUNT]
        wanted = [sample.truth["fields"][name] for name in amounts] + [x["net_amount"] for x in lines(sample)]
        for amount in wanted:
            assert amount.lstrip("-").replace(".", "") in digits, (sample.file, amount)
        for line in sample.truth["lines"]:
            assert re.sub(r"[\s-]", "", line["description"]) in text, sample.file


def test_every_visible_date_stands_in_the_text(all_natives: list[Sample]) -> None:
    """Every visible date is on the page in one of the notations of its language."""
    for sample in all_natives:
        text = text_of(sample.content).upper()
        for name, visible in sample.truth["visible_fields"].items():
            if visible and FIELD_TERMS[FieldName(name)].kind is ValueKind.DATE:
                day = date.fromisoformat(sample.truth["fields"][name])
                assert any(form in text for form in date_forms(day, sample.truth["lang"])), (sample.file, name)


def date_forms(day: date, language: str) -> set[str]:
    forms = set()
    for table in (notation._DATES, notation._TEST_DATES, notation._BLIND_DATES):
        for country in ("US", "CH", "FR"):
            for pattern in table.get(language, {}) | table.get(country, {}):
                written = notation.make_notation(Random(1), language, country)
                forms.add(re.sub(r"\s", "", replace(written, date_pattern=pattern).date(day)).upper())
    return forms


def test_the_splits_share_no_supplier(natives: list[Sample], held_out: list[Sample]) -> None:
    """Suppliers of each split have keys and layouts that no other split has."""
    assert {sample.truth["split"] for sample in natives} == {"train"}
    assert {sample.truth["split"] for sample in held_out} == {"test", "blind"}
    for key in ("supplier", "layout"):
        splits: dict[str, set[str]] = {}
        for sample in (*natives, *held_out):
            splits.setdefault(sample.truth[key], set()).add(sample.truth["split"])
        assert all(len(found) == 1 for found in splits.values())
    with pytest.raises(ValueError, match="nosplit"):
        layouts_of("nosplit")


def test_the_blind_split_comes_only_when_asked_for() -> None:
    """Neither the default, nor "all", nor `make train` takes a layout of the blind split."""
    blind = set(layouts_of("blind"))
    assert len(blind) == 8
    assert not blind & {*Order(1, 1).layouts, *layouts_of("train"), *layouts_of("test"), *layouts_of("all")}
    recipes = [line for line in Path("Makefile").read_text("utf-8").splitlines() if "samples.generate" in line]
    assert recipes
    assert not [line for line in recipes if "--split" in line or "--layouts" in line]


@pytest.mark.parametrize("kind", KINDS)
def test_the_blind_split_comes_in_every_kind(kind: str) -> None:
    """One document of each kind, of a supplier of the blind split, with its truth."""
    (sample,) = generate(4, 1, [kind], layouts=layouts_of("blind"))
    assert (sample.truth["split"], sample.truth["kind"]) == ("blind", kind)
    assert {"invoice_number", "issue_date", "gross_total"} <= set(sample.truth["fields"])


@pytest.mark.parametrize("name", ["labels", "texts", "habits", "companies"])
def test_the_wordings_of_a_held_out_split_are_complete(name: str) -> None:
    """What a held-out split says in its own words it says in every language or country that it is asked in."""
    for split in ("test", "blind"):
        merged = wordings(name, split)
        for key, entry in words(name).items():
            assert key in merged
            if isinstance(entry, dict) and set(LANGUAGES) <= set(entry):
                assert set(entry) <= set(merged[key]), (split, key)


def test_a_paid_invoice_asks_for_nothing() -> None:
    """Invoices paid when ordered come among the blind ones: the amount due is 0, and nothing is to be paid by a day."""
    paid = []
    for seed in range(12):
        for layout in ("basket", "subscription"):
            supplier = supplier_at(seed, 0, LANGUAGES, [layout])
            paper = make_paper(Random(seed), supplier, DocumentType.INVOICE, seed, lines=2)
            printer = SheetPrinter(paper)
            if printer.settled():
                paid.append(paper.invoice.totals.due)
                assert "due_date" not in {row.key for row in printer.open_meta()}
    assert paid
    assert set(paid) == {0}


def lines(sample: Sample) -> list[dict[str, str]]:
    return [line for line in sample.truth["lines"] if "net_amount" in line]


def test_an_iban_that_is_absent_is_not_on_the_page(all_natives: list[Sample]) -> None:
    """A document whose truth lacks an IBAN shows none but perhaps the buyer's own, that is to be debited."""
    for sample in all_natives:
        if "iban" in sample.truth["absent"]:
            assert len(re.findall(r"IBAN[\s:]*[A-Z]{2}\d{2}", text_of(sample.content))) == 0, sample.file


def test_all_layouts_and_languages_come(natives: list[Sample], held_out: list[Sample]) -> None:
    """Documents come in many layouts, French most often; every language and every layout that is held out comes."""
    assert len({sample.truth["layout"] for sample in natives}) >= 5
    languages = Counter(sample.truth["lang"] for sample in natives)
    assert languages.most_common(1)[0][0] == "fr"
    assert {sample.truth["lang"] for sample in held_out} == set(LANGUAGES)
    assert {sample.truth["layout"] for sample in held_out} == {*layouts_of("test"), *layouts_of("blind")}


def test_a_supplier_keeps_its_layout(natives: list[Sample]) -> None:
    """All papers of one supplier have one layout and one name."""
    seen: dict[str, tuple[str, str]] = {}
    for sample in natives:
        habits = sample.truth["layout"], sample.truth["fields"].get("seller_name", "")
        assert seen.setdefault(sample.truth["supplier"], habits) == habits


def test_the_command_line_writes_files_and_truth(tmp_path: Path) -> None:
    """The command writes one truth line a file, of the kinds and languages that were asked for."""
    main([str(tmp_path), "--count", "4", "--seed", "2", "--kinds", "native,ubl", "--lang", "fr", "--workers", "2"])
    truths = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()]
    assert [truth["kind"] for truth in truths] == ["native", "ubl"] * 2
    assert all((tmp_path / truth["file"]).stat().st_size > 1000 and truth["lang"] == "fr" for truth in truths)


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A kind that does not exist ends with a message that lists those that do."""
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--kinds", "papyrus"])
    assert "papyrus" in capsys.readouterr().err
    with pytest.raises(ValueError, match="micro"):
        list(generate(1, 1, languages=["de"], layouts=["micro"]))


def test_only_asked_document_types_come() -> None:
    """The document types can be chosen, and stand in the truth."""
    samples = generate(3, 1, kinds=["native"], doc_types=[DocumentType.QUOTE])
    assert {sample.truth["fields"]["doc_type"] for sample in samples} == {"quote"}


def test_field_values_follow_the_paths_of_the_terms() -> None:
    """A field's value is found at its place in the invoice, absent ones are None."""
    invoice = Invoice(number="7")
    assert field_value(invoice, FieldName.INVOICE_NUMBER) == "7"
    assert field_value(invoice, FieldName.IBAN) is None
