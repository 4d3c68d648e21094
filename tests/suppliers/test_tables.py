"""CSV files of other programs."""

from decimal import Decimal

import pytest

from pipeline.errors import InputError
from pipeline.suppliers.tables import read_orders, read_suppliers, write_suppliers
from tests.suppliers.conftest import IBAN, OTHER_IBAN, VAT_ID


@pytest.fixture
def write(tmp_path):
    def written(text, encoding="utf-8"):
        path = tmp_path / "file.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def test_a_master_is_read(write, martin):
    """All columns; several values of a cell are set apart by a bar."""
    header = "key,name,aliases,vat_id,siren,siret,ibans,currency,country,vat_rates,account,active"
    row = f'F001,Quincaillerie Martin SARL,Martin Outillage|QM,FR 44 732 829 320,732829320,,"FR76 3000 6000 0112 3456 7890 189|{OTHER_IBAN}",eur,fr,20 %|5.5,607100,no'  # fmt: skip  # noqa: E501
    (one,) = read_suppliers(write(f"{header}\n{row}\n"))
    assert one.model_dump() == {
        **martin.model_dump(),
        "aliases": ("Martin Outillage", "QM"),
        "ibans": (IBAN, OTHER_IBAN),
        "country": "FR",
        "vat_rates": (Decimal(20), Decimal("5.5")),
        "account": "607100",
        "active": False,
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_french_spreadsheet_is_read(write, encoding):
    """Semicolons, French column names, an accent in Windows' own encoding, columns that nobody asked for."""
    text = f"N° TVA;Raison sociale;Téléphone;N° compte\n;Société Élan;01;9\n{VAT_ID};Martin;02;8\n"
    text = text.replace("N° TVA", "TVA")
    first, second = read_suppliers(write(text, encoding))
    assert (first.name, first.key) == ("Société Élan", "societe elan")
    assert (second.key, second.vat_id) == (VAT_ID, VAT_ID)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,vat_id\nMartin,FR44732829321\n", "line 2: the VAT id"),
        ("name,ibans\nA,\nMartin,FR7630006000011234567890188\n", "line 3: the IBAN"),
        ("name,siren\nMartin,732829321\n", "SIREN"),
        ("name,vat_id\n,FR44732829320\n", "line 2: name"),
        ("vat_id\nFR44732829320\n", "no column 'name'"),
        ("key,name\nA,Martin\nA,Durand\n", "several suppliers A"),
        ("", "no column"),
    ],
)
def test_a_wrong_master_is_refused_with_its_line(write, text, said):
    """A wrong account in the master would call every right one changed."""
    with pytest.raises(InputError, match=said):
        read_suppliers(write(text))


def test_what_is_written_is_read_again(tmp_path, martin, durand):
    """An export is an import."""
    path = tmp_path / "out.csv"
    off = durand.model_copy(update={"active": False})
    assert write_suppliers([martin, off], path) == 2
    assert read_suppliers(path) == [martin, off]


def test_the_lines_of_an_order_make_its_total(write):
    """One row a line; amounts as French spreadsheets write them; a missing amount is quantity times price."""
    text = (
        "commande;fournisseur;désignation;quantité;prix unitaire;montant;devise\n"
        "PO-9;Martin;Vis;10;2,50;25,00;EUR\nPO-9;Martin;Clous;2;1 000,00;;EUR\n"
    )
    (order,) = read_orders(write(text))
    assert order.total == Decimal("2025.00")
    assert [line.description for line in order.lines] == ["Vis", "Clous"]


def test_an_order_may_have_a_total_only(write):
    """Also where each of its rows repeats it."""
    orders = read_orders(write("number,supplier,total\nPO-1,Martin,1500.5\nPO-2,Durand,7\nPO-2,Durand,7\n"))
    assert [(one.number, one.total) for one in orders] == [("PO-1", Decimal("1500.5")), ("PO-2", Decimal(7))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number,total\nPO-1,much\n", "line 2: 'much' is not a number"),
        ("number,supplier\nPO-1,Martin\n", "neither a total"),
        ("number,total\n,5\n", "no order number"),
        ("number,supplier,total\nPO-1,A,5\nPO-1,B,5\n", "differ"),
    ],
)
def test_wrong_orders_are_refused(write, text, said):
    """Nothing of the file counts then."""
    with pytest.raises(InputError, match=said):
        read_orders(write(text))
