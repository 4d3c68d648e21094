"""A supplier of which too much is posted wrong is noticed from samples, held back, and let go again by a person."""

from datetime import timedelta
from itertools import count

import pytest

from pipeline.house.audit import verify
from pipeline.house.clients import Clients
from pipeline.measure.watch import FIELDS, Checked, by_chance, lower_bound, see, watch
from pipeline.posting.enqueue import put_job
from pipeline.process import judge_of
from pipeline.review.enqueue import slot_of
from pipeline.review.facts import facts_of
from pipeline.settings import Settings
from pipeline.suppliers.limits import Limits
from pipeline.suppliers.model import UnknownSupplier
from pipeline.validate.duplicates import business_key
from pipeline.world import World
from schemas import Draft, EvidenceKind
from tests.measure.kpi.history import History, read
from tests.posting.conftest import Shop

MARTIN, NORDLYS = "732829320", "DE136695976"
TARGET = 0.003


class House(History):
    """Every straight-through invoice is keyed again; decisions are those of `pipeline.route`."""

    def __init__(self, shop, settings) -> None:
        super().__init__(shop)
        self.world = World(settings, shop.ledger, shop.archive, None, shop.clock)
        Clients(shop.database, shop.clock).set_policy("main", {"qa_share": 1.0}, "test")
        self.limits = Limits(shop.database, shop.clock)
        self.numbers = count(1)
        self.risk = self._risk()

    def _risk(self):
        """One that may pass by the target, and not by a tenth of it."""
        calibration = self.calibration()
        usual, strict = (calibration.point_for(target, True) for target in (TARGET, TARGET / 10))
        assert usual.risk > strict.risk
        return usual.risk

    def calibration(self):
        from pipeline.calibration.model import load_calibration

        return load_calibration(None)

    def read(self, seller="Martin", risk=None):
        """A scanned invoice comes in and is decided; gives its number and the decision."""
        number = f"W-{next(self.numbers)}"
        document = self.document(number, "main", "application/pdf")
        self.ledger.register(document, f"arrival-{number}")
        self.ledger.begin(document.document_id, "me", timedelta(minutes=5))
        record = read(number, seller, EvidenceKind.OCR, self.risk if risk is None else risk)
        (outcome,) = self.ledger.settle(
            document.document_id,
            "me",
            [Draft(record=record, versions={"scorer": "s1", "calibration": "c1"})],
            judge_of("main", self.world),
            business_key,
            slot_of,
            to_post=put_job,
            tell=facts_of,
        )
        return number, outcome.decision

    def check(self, number, seller="Martin", gross="120,00"):
        """Somebody keys it again, blind; where it differs a supervisor settles it."""
        from tests.measure.kpi.history import SUE

        edits = self.keyed(number, gross)
        fields = {**edits.fields, "seller_name": seller}
        edits = edits.model_copy(update={"fields": type(edits)(fields=fields).fields})
        self.work(number, 1, lambda hold: self.desk.correct(self.anne, hold, edits))
        if gross != "120,00":
            total = type(edits)(fields={"gross_total": gross})
            self.work(number, 1, lambda hold: self.desk.correct(SUE, hold, total, "as printed"), SUE)

    @property
    def anne(self):
        from tests.measure.kpi.history import ANNE

        return ANNE

    def watch(self):
        return watch(self.shop.database, self.clock, TARGET)


@pytest.fixture
def house(ledger, clock, tmp_path):
    return House(Shop(ledger, clock, tmp_path), Settings(home=tmp_path, workers=1))


def test_a_supplier_found_wrong_too_often_is_held_back_and_let_go_by_a_person(house):
    """Samples, alert, tighter limit, review with the reason, release; others are not touched, the trail stays whole."""
    for wrong in (True, False, True, True):
        number, decision = house.read()
        assert decision.kind == "straight_through"
        house.check(number, gross="121,00" if wrong else "120,00")
    number, _ = house.read("Nordlys")
    house.check(number, "Nordlys")
    exceeded = {one.by: one for one in house.watch()}
    assert (exceeded["supplier"].name, exceeded["supplier"].wrong, exceeded["supplier"].checked) == (MARTIN, 3, 4)
    (alert,) = [one for one in house.ledger.events(kind="quality_alert") if one.data["by"] == "supplier"]
    assert alert.data["bound"] > TARGET

    (limit,) = house.limits.live().values()
    assert (limit.supplier, limit.version, limit.target_error) == (MARTIN, 1, TARGET / 10)
    _, decision = house.read()
    assert [reason.code for reason in decision.reasons] == ["supplier-watched"]
    assert "3 were wrong" in decision.reasons[0].message
    assert house.read(risk=0.0)[1].kind == "straight_through"
    assert house.read("Nordlys")[1].kind == "straight_through"

    house.watch()  # the same samples are no new reason
    assert len(house.limits.versions(MARTIN)) == 1
    house.limits.release(MARTIN, "The layout was learned.", (4, 3), "sue")
    assert house.read()[1].kind == "straight_through"
    house.watch()
    assert [one.target_error for one in house.limits.versions(MARTIN)] == [TARGET / 10, None]
    kinds = [one.kind for one in house.ledger.events() if one.kind.startswith("supplier_")]
    assert kinds == ["supplier_tightened", "supplier_released"]
    assert verify(house.shop.database, ()).faults == ()


def test_what_goes_on_being_wrong_is_all_reviewed(house):
    """A second alert on new samples, under the tighter limit, leaves nothing of the supplier to the machine."""
    house.limits.tighten(MARTIN, "Martin", TARGET, "before", (0, 0), "system")
    for _ in range(3):
        number, decision = house.read(risk=0.0)
        assert decision.kind == "straight_through"
        house.check(number, gross="121,00")
    house.watch()
    assert house.limits.live()[MARTIN].reviews_all
    assert house.read(risk=0.0)[1].kind == "review"


def test_a_single_wrong_invoice_is_no_proof(house):
    """One of one is wrong: at 99 % certainty that says nothing yet, and nothing is done."""
    number, _ = house.read()
    house.check(number, gross="121,00")
    assert house.watch() == ()
    assert house.limits.newest() == {}


def test_who_does_not_want_it_is_only_told(house):
    """Without tightening there is one alert a week, and no limit."""
    for _ in range(3):
        number, _ = house.read()
        house.check(number, gross="121,00")
    for _ in range(2):
        watch(house.shop.database, house.clock, TARGET, tighten=False)
    assert house.limits.newest() == {}
    told = [one.data["by"] for one in house.ledger.events(kind="quality_alert")]
    assert sorted(told) == ["client", "model", "supplier"]


def test_nothing_is_released_that_is_not_held(house):
    """A slip in the name is an error, not a new version."""
    with pytest.raises(UnknownSupplier):
        house.limits.release("nobody", "slip", (0, 0), "sue")


def test_a_rate_that_fell_is_a_drift_and_one_that_did_not_is_none(house):
    """Fifty invoices went through, then of twenty none; another supplier goes on as before."""
    for _ in range(50):
        house.read()
        house.read("Nordlys")
    house.clock.advance(20 * 86_400)
    for _ in range(20):
        house.read(risk=0.9)
        house.read("Nordlys")
    seen = see(house.shop.database, house.clock, ["main"], TARGET)
    found = {(one.measure, one.by, one.name): one for one in seen.drifts}
    through = found["straight_through", "supplier", MARTIN]
    assert (through.before, through.now) == ((1.0, 50), (0.0, 20))
    assert ("confidence", "supplier", MARTIN) in found
    assert all(name != NORDLYS for _, _, name in found)


def test_the_bound_is_exact_and_counts_invoices():
    """The lower bound solves P(X >= wrong) = 1 %; a field is one of those an invoice has."""
    from scipy.stats import binom

    low = lower_bound(3, 12)
    assert binom.sf(2, 12, low) == pytest.approx(0.01)
    assert lower_bound(0, 500) == 0.0
    one = Checked("main", "supplier", MARTIN, "Martin", 12, 3, TARGET)
    assert one.bound == pytest.approx(low / FIELDS)
    assert one.is_exceeded


def test_far_apart_is_unlikely_and_equal_is_likely():
    """By chance means: as likely as not where both are the same."""
    assert by_chance((0.9, 500), (0.9, 100)) == pytest.approx(1.0)
    assert by_chance((0.9, 500), (0.6, 100)) < 1e-9
    assert by_chance((1.0, 50), (1.0, 20)) == 1.0
