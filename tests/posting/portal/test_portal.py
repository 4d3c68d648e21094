"""The portal's pages without a browser: entry, books, sessions, switches."""

from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from pipeline.posting.portal.app import create_portal
from pipeline.posting.portal.switches import Switches

ADMIN = {"Authorization": "Bearer let-me-switch"}
HEADER = {
    "type": "FA",
    "numero": "FA-1",
    "date-piece": "05/03/2026",
    "echeance": "04/04/2026",
    "devise": "EUR",
    "reference": "abc123",
}
LINES = {
    "compte": ["606300", "607000"],
    "section": ["", "ATELIER"],
    "libelle": ["Vis", "Câble"],
    "montant-ht": ["1 000,00", "50,50"],
    "code-tva": ["D200", "D100"],
    "tva-D200": "200,00",
    "tva-D100": "5,05",
}


@pytest.fixture
def books_folder(tmp_path):
    return tmp_path


@pytest.fixture
def client(books_folder):
    """Somebody who is logged in, at a portal with one supplier."""
    client = outsider(books_folder)
    enter(client)
    client.post(
        "/fournisseurs/nouveau", data={"nom": "Quincaillerie Martin", "compte": "401FOURN", "siren": "732829320"}
    )
    return client


def outsider(folder, **switches) -> TestClient:
    return TestClient(create_portal(folder, Switches(**switches), "robot", "practice", "let-me-switch"))


def enter(client: TestClient, password: str = "practice"):
    return client.post("/connexion", data={"identifiant": "robot", "mot_de_passe": password}, follow_redirects=False)


def draft(client: TestClient, **header: str) -> str:
    """A draft with lines and an original; its path."""
    answer = client.post("/achats/nouveau", data={**HEADER, "fournisseur-id": "1", **header}, follow_redirects=False)
    path = answer.headers["location"].removesuffix("/lignes")
    assert "justificatif" in str(client.post(f"{path}/lignes", data=LINES).url)
    client.post(f"{path}/justificatif", files={"fichier": ("FA-1.pdf", b"%PDF-1.4", "application/pdf")})
    return path


def vouchers(client: TestClient, reference: str = "abc123") -> list[dict]:
    return client.get("/api/vouchers", params={"reference": reference}).json()["vouchers"]


def test_an_entry_goes_through_its_steps_into_the_ledger(client, books_folder):
    """Header, lines, original, summary, posting: the entries balance and the voucher is told as JSON."""
    path = draft(client)
    assert vouchers(client)[0]["is_posted"] is False
    assert "1 255,55" in client.get(f"{path}/recapitulatif").text.replace("\u00a0", " ")
    shown = client.post(f"{path}/comptabiliser")
    assert "HA000001" in shown.text
    [voucher] = vouchers(client)
    assert (voucher["net"], voucher["tax"], voucher["gross"]) == ("1050.50", "205.05", "1255.55")
    assert (voucher["target_id"], voucher["issue_date"], voucher["is_posted"]) == ("HA000001", "2026-03-05", True)
    entries = client.app.state.site.books.parts("entries", 1)
    debit, credit = (sum(Decimal(one[side]) for one in entries) for side in ("debit", "credit"))
    assert debit == credit == Decimal("1255.55")
    assert client.get("/pieces/1").content == b"%PDF-1.4"


def test_a_credit_note_is_booked_the_other_way_round(client):
    """Amounts are keyed positive; the books have them negative, and the supplier in the debit."""
    path = draft(client, type="AV", numero="AV-1")
    client.post(f"{path}/comptabiliser")
    assert vouchers(client)[0]["gross"] == "-1255.55"
    supplier = client.app.state.site.books.parts("entries", 1)[-1]
    assert (supplier["account"], supplier["debit"], supplier["credit"]) == ("401FOURN", "1255.55", "0.00")


def test_both_sides_of_a_reverse_charge_are_booked(client):
    """The seller gets the net; the VAT is deducted and owed at the home rate."""
    path = draft(client)
    lines = {**LINES, "code-tva": ["AUTO", "AUTO"], "tva-AUTO": "0,00"}
    client.post(f"{path}/lignes", data={key: value for key, value in lines.items() if "D" not in key})
    client.post(f"{path}/comptabiliser")
    booked = {one["account"]: (one["debit"], one["credit"]) for one in client.app.state.site.books.parts("entries", 1)}
    assert booked["445662"] == ("210.10", "0.00")
    assert booked["445200"] == ("0.00", "210.10")
    assert booked["401FOURN"] == ("0.00", "1050.50")


def test_advances_to_suppliers_are_taken_and_other_accounts_are_not(client):
    """409 is where a prepayment stands; a bank account is no place for an invoice."""
    path = draft(client)
    for account, status in (("409100", 303), ("512000", 422)):
        answer = client.post(f"{path}/lignes", data={**LINES, "compte": [account, "607000"]}, follow_redirects=False)
        assert answer.status_code == status


def test_posting_twice_posts_once(client):
    """A second click, or a browser that sends again, finds the voucher posted."""
    path = draft(client)
    for _ in range(2):
        assert "HA000001" in client.post(f"{path}/comptabiliser").text
    assert len(vouchers(client)) == 1


def test_a_draft_can_be_removed_and_a_posted_voucher_cannot(client):
    """Nothing that was posted goes away."""
    path = draft(client)
    client.post("/brouillons/1/supprimer")
    assert vouchers(client) == []
    path = draft(client)
    client.post(f"{path}/comptabiliser")
    key = path.rpartition("/")[2]
    client.post(f"/brouillons/{key}/supprimer")
    assert [one["is_posted"] for one in vouchers(client)] == [True]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("fournisseur-id", "", "fournisseur"),
        ("numero", "", "numéro"),
        ("date-piece", "2026-03-05", "Date invalide"),
        ("echeance", "31/02/2026", "Date invalide"),
    ],
)
def test_a_header_that_cannot_be_is_refused(client, field, value, said):
    """The page comes back with a sentence and no draft is made."""
    answer = client.post("/achats/nouveau", data={**HEADER, "fournisseur-id": "1", field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert vouchers(client) == []


@pytest.mark.parametrize("amount", ["1000.00", "12,345", "", "1,000.00", "douze"])
def test_amounts_are_french_or_refused(client, amount):
    """A decimal point is not quietly taken for something else."""
    draft(client)
    lines = {**LINES, "montant-ht": [amount, "50,50"]}
    answer = client.post("/achats/1/lignes", data=lines)
    assert answer.status_code == 422
    assert "Montant invalide" in answer.text


def test_all_that_was_committed_is_there_after_a_restart(client, books_folder):
    """Another process over the same file knows vouchers, drafts and sessions."""
    path = draft(client)
    client.post(f"{path}/comptabiliser")
    draft(client, reference="def456")
    again = outsider(books_folder)
    again.cookies = client.cookies
    assert vouchers(again)[0]["target_id"] == "HA000001"
    assert vouchers(again, "def456")[0]["is_posted"] is False


def test_nobody_sees_anything_without_a_session(books_folder):
    """Pages lead to the log-in, the query for programs says 401."""
    client = outsider(books_folder)
    for path in ("/journal", "/brouillons", "/fournisseurs", "/achats/nouveau"):
        assert 'id="connexion"' in client.get(path).text
    assert client.get("/api/vouchers").status_code == 401


def test_a_session_ends(client):
    """The administrator ends all of them."""
    assert client.get("/api/vouchers").status_code == 200
    assert client.post("/admin/sessions/end", headers=ADMIN).status_code == 204
    assert client.get("/api/vouchers").status_code == 401


def test_wrong_passwords_lock_the_account(books_folder):
    """Then the right one is refused too, for a time."""
    client = outsider(books_folder, wrong_passwords=2)
    assert [enter(client, "wrong").status_code for _ in range(2)] == [401, 401]
    assert enter(client).status_code == 423
    client = outsider(books_folder / "other", wrong_passwords=2, lock_seconds=0)
    assert [enter(client, "wrong").status_code for _ in range(2)] == [401, 401]
    assert enter(client).status_code == 303


def test_switches_are_changed_at_run_time_by_who_has_the_token(client):
    """Nobody else; and unknown ones are refused."""
    assert client.put("/admin/switches", json={"errors": 1.0}).status_code == 401
    assert client.put("/admin/switches", json={"nonsense": 1}, headers=ADMIN).status_code == 422
    assert client.put("/admin/switches", json={"errors": 1.0}, headers=ADMIN).json()["errors"] == 1.0
    assert client.get("/journal").status_code == 500
    assert client.get("/admin/switches", headers=ADMIN).json()["errors"] == 1.0


def test_a_dropped_reply_comes_after_the_commit_and_stays_dropped(client):
    """The voucher is in the books; whoever sends again hears nothing either."""
    path = draft(client)
    client.put("/admin/switches", json={"drops": 1.0}, headers=ADMIN)
    assert client.post(f"{path}/comptabiliser").status_code == 503
    client.put("/admin/switches", json={}, headers=ADMIN)
    assert client.post(f"{path}/comptabiliser").status_code == 503
    assert [one["is_posted"] for one in vouchers(client)] == [True]


def test_a_refused_post_leaves_the_draft(client):
    """The message says why."""
    path = draft(client)
    client.put("/admin/switches", json={"refusals": 1.0}, headers=ADMIN)
    assert "refusée" in client.post(f"{path}/comptabiliser").text
    assert vouchers(client)[0]["is_posted"] is False


def test_the_second_layout_has_other_names(client):
    """A script that knows the first one finds nothing."""
    client.put("/admin/switches", json={"layout": 2}, headers=ADMIN)
    page = client.get("/achats/nouveau").text
    assert 'id="numero"' not in page
    assert "Réf. import" in page


def test_the_same_seed_gives_the_same_mischief(books_folder):
    """Which requests fail is drawn from the seed alone."""

    def failures(seed: int) -> list[int]:
        client = outsider(books_folder, errors=0.5, seed=seed)
        return [client.get("/connexion").status_code for _ in range(20)]

    assert failures(7) == failures(7)
    assert failures(7) != failures(8)
