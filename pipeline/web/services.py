"""What the pages work with, built once at start and handed to the application."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from pipeline.intake.archive import Archive
from pipeline.ports import Clock
from pipeline.review.desk import Desk
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.ledger import Ledger
from schemas.people import Actor


class SignIns(Protocol):
    """Knows who is signed in."""

    def actor(self, token: str) -> Actor | None:
        """Whose session it is; None when it is over or never was."""
        ...


@dataclass(frozen=True)
class Services:
    """One of each a process; all are safe to share between threads."""

    settings: Settings
    clock: Clock
    database: Database
    ledger: Ledger
    desk: Desk
    archive: Archive
    sign_ins: SignIns


def services_of(request: Request) -> Services:
    """The services of the application that got a request."""
    found: Services = request.app.state.services
    return found


def _desk(request: Request) -> Desk:
    return services_of(request).desk


def _ledger(request: Request) -> Ledger:
    return services_of(request).ledger


TheServices = Annotated[Services, Depends(services_of)]
TheDesk = Annotated[Desk, Depends(_desk)]
TheLedger = Annotated[Ledger, Depends(_ledger)]
