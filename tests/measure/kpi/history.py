"""A small history of real events: two clients, files of several kinds, people, samples, postings, over some days."""

from datetime import timedelta

from sqlalchemy import select

from pipeline.house.clients import Clients
from pipeline.posting.enqueue import put_job
from pipeline.review.desk import Desk
from pipeline.review.enqueue import slot_of
from pipeline.review.facts import facts_of
from pipeline.review.reasons import RejectReason
from pipeline.review.worktime import Sign
from pipeline.store.tables import DocumentRow, RecordRow, ReviewItemRow
from pipeline.validate.duplicates import business_key
from schemas import (
    Document,
    Draft,
    Evidence,
    EvidenceKind,
    Failure,
    FieldName,
    MediaType,
    Outcome,
    Reason,
    Record,
    Rejected,
    Review,
    StraightThrough,
)
from schemas.discount import Discount
from schemas.edits import Edits, Typed
from schemas.people import HOUSE, Actor, Role
from tests.posting.fakes import record

ANNE = Actor(user="anne", roles={HOUSE: frozenset({Role.OPERATOR})})
SUE = Actor(user="sue", roles={HOUSE: frozenset({Role.SUPERVISOR})})
DOUBT = Reason(code="low-confidence", message="doubtful")
TWICE = Reason(code="duplicate", message="received before")
SKONTO = Discount(percent=2, days=10, said="Escompte de 2 % sous 10 jours")
VERSIONS = {"backoffice": "0.1.0", "scorer": "s1", "calibration": "c1"}


class History:
    """Fills a shop (tests/posting/conftest.py); every step is made by the service that makes it in earnest."""

    def __init__(self, shop) -> None:
        self.shop, self.clock, self.ledger = shop, shop.clock, shop.ledger
        self.desk = Desk(shop.database, shop.clock, to_post=put_job)
        clients = Clients(shop.database, shop.clock)
        clients.add("north", "Nord", "test")
        clients.set_policy("north", {"qa_share": 1.0}, "test")

    def fill(self) -> None:
        """All of it."""
        self._read()
        self._decide()
        self._post()
        self._check_samples()

    def _read(self) -> None:
        today = self.clock.now().date()
        self.settle("F-1", StraightThrough(), risk=0.001)
        self.clock.advance(100)
        xml = {"media": MediaType.XML, "source": EvidenceKind.XML}
        self.settle("F-2", StraightThrough(), seller="Nordlys", risk=0.01, discount=SKONTO, issue_date=today, **xml)
        self.settle("F-3", Review(reasons=(DOUBT,)), parts=2, risk=0.2)
        self.clock.advance(4000)
        self.settle("F-5", Review(reasons=(DOUBT, TWICE)), seller="Garnier", media=MediaType.JPEG)
        self.settle("F-6", Review(reasons=(TWICE,)), seller="Garnier")
        self.settle("F-7", Review(reasons=(DOUBT,)), media=MediaType.TIFF, gross_total=None)
        self.settle("F-8", Rejected(reasons=(Reason(code="encrypted", message="closed"),)), is_empty=True)
        self.settle("F-9", Review(reasons=(DOUBT,)))
        self.settle("F-10", StraightThrough(), discount=SKONTO, issue_date=today - timedelta(days=20))
        for number in ("N-1", "N-2", "N-3"):
            self.settle(number, StraightThrough(), client="north", risk=0.002)
        self.ledger.register(self.document("F-1", "main", MediaType.PDF), "again")
        failure = Failure(code="too-large", message="It is too large.")
        self.ledger.reject("big.pdf", None, failure, "refused", "main")

    def _decide(self) -> None:
        self.clock.advance(86_400)
        self.work("F-3", 1, lambda hold: self.desk.approve(ANNE, hold))
        wrong = Edits(fields={FieldName.INVOICE_NUMBER: Typed(text="F-33")})
        self.work("F-3", 2, lambda hold: self.desk.correct(ANNE, hold, wrong, "seen"))
        self.work("F-5", 1, lambda hold: self.desk.reject(ANNE, hold, RejectReason.DUPLICATE))
        self.clock.advance(3 * 86_400)  # past every deadline
        self.work("F-6", 1, lambda hold: self.desk.reject(ANNE, hold, RejectReason.NOT_DELIVERED))
        total = Edits(fields={FieldName.GROSS_TOTAL: Typed(text="120,00")})
        self.work("F-7", 1, lambda hold: self.desk.correct(ANNE, hold, total, "added up"))

    def _post(self) -> None:
        self.clock.advance(50)
        self.shop.post("down")
        self.clock.advance(3600)
        self.shop.post("refused")

    def _check_samples(self) -> None:
        """One is keyed the same, one keyed differently and settled by a supervisor, one refused."""
        self.clock.advance(86_400)
        self.work("N-1", 1, lambda hold: self.desk.correct(ANNE, hold, self.keyed("N-1")))
        self.work("N-2", 1, lambda hold: self.desk.correct(ANNE, hold, self.keyed("N-2", gross="121,00")))
        total = Edits(fields={FieldName.GROSS_TOTAL: Typed(text="121,00")})
        self.work("N-2", 1, lambda hold: self.desk.correct(SUE, hold, total, "as printed"), SUE)

    def settle(
        self,
        number: str,
        decision,
        *,
        seller: str = "Martin",
        client: str = "main",
        media: MediaType = MediaType.PDF,
        source: EvidenceKind = EvidenceKind.OCR,
        parts: int = 1,
        risk: float | None = None,
        is_empty: bool = False,
        **changes: object,
    ) -> None:
        """A file comes in, is read for 7 seconds, and decided."""
        document = self.document(number, client, media)
        self.ledger.register(document, f"arrival-{document.document_id}")
        self.ledger.begin(document.document_id, "me", timedelta(minutes=5))
        self.clock.advance(7.5)
        drafts = [
            Draft(
                part=part,
                record=None
                if is_empty
                else read(number if part == 1 else f"{number}/{part}", seller, source, risk, **changes),
                failures=(Failure(code="encrypted", message="closed"),) if is_empty else (),
                seconds={"read": 1.25, "extract": 0.5} if part == 1 else {},
                versions=VERSIONS,
            )
            for part in range(1, parts + 1)
        ]
        self.ledger.settle(
            document.document_id,
            "me",
            drafts,
            lambda draft, _: Outcome(**dict(draft), decision=decision),
            business_key,
            slot_of,
            to_post=put_job,
            tell=facts_of,
        )

    def document(self, number: str, client: str, media: MediaType) -> Document:
        """The file of an invoice, as it came in now."""
        body = f"{client}/{number}".encode()
        return Document(
            client_id=client,
            sha256=self.shop.archive.put_bytes(body),
            file_name=f"{number}.pdf",
            size=len(body),
            media_type=media,
            received_at=self.clock.now(),
        )

    def work(self, number: str, part: int, act, actor: Actor = ANNE) -> None:
        """A person takes an invoice, types for 40 seconds with a break that is too long to be work, and acts."""
        hold = self.desk.claim(actor, self.item(number, part))
        self.clock.advance(15)
        hold = self.desk.renew(actor, hold, Sign.KEYED)
        self.clock.advance(200)
        hold = self.desk.renew(actor, hold, Sign.KEYED)
        self.clock.advance(25)
        act(hold)

    def item(self, number: str, part: int) -> int:
        """The place of an invoice in the queue."""
        query = (
            select(ReviewItemRow.id)
            .join(RecordRow, RecordRow.id == ReviewItemRow.record_id)
            .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
            .where(DocumentRow.file_name == f"{number}.pdf", RecordRow.part == part)
        )
        with self.shop.database.reading() as session:
            return session.scalars(query).one()

    def keyed(self, number: str, gross: str = "120,00") -> Edits:
        """All posting-critical fields of an invoice without an account, as somebody keys them."""
        texts = {
            FieldName.INVOICE_NUMBER: number,
            FieldName.ISSUE_DATE: "02/03/2026",
            FieldName.SELLER_NAME: "Martin",
            FieldName.CURRENCY: "EUR",
            FieldName.NET_TOTAL: "100,00",
            FieldName.TAX_TOTAL: "20,00",
            FieldName.GROSS_TOTAL: gross,
            FieldName.IBAN: "",
        }
        return Edits(fields={name: Typed(text=text) for name, text in texts.items()})


def read(
    number: str,
    seller: str,
    source: EvidenceKind,
    risk: float | None,
    discount: Discount | None = None,
    **changes: object,
) -> Record:
    """An invoice as a source gave it."""
    made = record(number, seller, **changes)
    seen = (Evidence(kind=source),)
    fields = {name: field.model_copy(update={"evidence": seen}) for name, field in made.fields.items()}
    more = {"fields": fields, "risk": risk, "pages": (1, 2), "discount": discount}
    return made.model_copy(update=more)
