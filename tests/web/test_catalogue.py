"""The list of documents is found by words, by what people corrected, and not by what is to be keyed blind."""

import pytest

from pipeline.web.catalogue import Wanted, documents
from schemas import FieldName
from schemas.edits import Edits, Typed
from tests.web.filled import add_invoice


@pytest.fixture
def found(home):
    """A function that gives the file names found at the main client."""

    def found(text: str) -> set[str]:
        lines, _ = documents(home.services.database, ["main"], Wanted(text), None, 50)
        return {line.file_name for line in lines}

    return found


def test_a_document_is_found_by_file_seller_number_and_digest(home, found):
    """Without regard to accents and case, and by no part of another document."""
    document_id = add_invoice(home.services, "CAT-1", seller="Électricité Générale")
    by = ("cat-1.PDF", "electricite gen", "ÉLECTRICITÉ", "cat-1", document_id, document_id[:8])
    assert {text: found(text) for text in by} == {text: {"CAT-1.pdf"} for text in by}
    assert found("CAT-1%") == set()


def test_a_corrected_number_finds_it_too(home, found):
    """By the new one, and still by what the machine read."""
    item = home.item(add_invoice(home.services, "CAT-2"))
    desk, olga = home.services.desk, home.services.house.users.actor("olga")
    edits = Edits(fields={FieldName.INVOICE_NUMBER: Typed(text="KAT/22")})
    desk.correct(olga, desk.claim(olga, item), edits, "as printed")
    assert found("kat/22") == found("cat-2") == {"CAT-2.pdf"}


def test_what_is_to_be_keyed_blind_is_not_found_by_its_value(home, found):
    """Only by its file, until it is decided."""
    home.services.house.clients.set_policy("main", {"qa_share": 1.0}, "test")
    add_invoice(home.services, "CAT-3", seller="Verdeckt GmbH", needs_person=False)
    home.services.house.clients.set_policy("main", {"qa_share": None}, "test")
    assert found("verdeckt") == set()
    assert found("cat-3") == {"CAT-3.pdf"}
