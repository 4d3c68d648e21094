"""The switches at run time, for whoever has the token: `Authorization: Bearer TOKEN`."""

from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException

from pipeline.posting.portal.site import TheSite
from pipeline.posting.portal.switches import Switches


def may(site: TheSite, authorization: Annotated[str, Header()] = "") -> None:
    """Refuse whoever does not have the token."""
    if not compare_digest(authorization.encode(), f"Bearer {site.token}".encode()):
        raise HTTPException(401)


router = APIRouter(prefix="/admin", dependencies=[Depends(may)])


@router.get("/switches")
def switches(site: TheSite) -> Switches:
    """As they are."""
    return site.mischief.switches


@router.put("/switches")
def switch(site: TheSite, wanted: Switches) -> Switches:
    """As they shall be; what is not named is off."""
    site.mischief.set(wanted)
    return wanted


@router.post("/sessions/end", status_code=204)
def end_sessions(site: TheSite) -> None:
    """Log everybody out."""
    site.visits.end_all()
