"""The table of the tallies: what the events of a day add up to."""

from datetime import date

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables import Base


class TallyRow(Base):
    """What the events of one client and one day (UTC) add up to in one slice of one measure; or those of a month.

    A month's row has its first day and `by_month`; it lets a long period be read in few rows. All follows from the
    events alone and can be made anew from them; only `pipeline.store.tallies` writes it. `total` is a whole number in
    the unit of its measure, so that sums are exact in any order. `label` is how the slice is called, where its name is
    not for people.
    """

    __tablename__ = "tallies"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy wants a dict)

    client_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    by_month: Mapped[bool] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slice: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(default="")
