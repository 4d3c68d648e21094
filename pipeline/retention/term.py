"""Until when a document must be kept."""

import calendar
from datetime import MAXYEAR, date

CODE_DE_COMMERCE = 10
"""Years from the end of the financial year: Code de commerce, art. L123-22. Tax law asks for 6 (LPF, art. L102 B)."""


def keep_until(concerned: date, years: int = CODE_DE_COMMERCE, year_ends_in: int = 12) -> date:
    """The last day on which a document of that date must be kept.

    The years count from the end of the financial year in which the date lies; `year_ends_in` is its last month. A date
    that an invoice bears may be any: there is no day after the calendar's last year.
    """
    closing_year = min(concerned.year + (concerned.month > year_ends_in) + years, MAXYEAR)
    return date(closing_year, year_ends_in, calendar.monthrange(closing_year, year_ends_in)[1])
