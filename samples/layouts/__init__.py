"""The layouts: one Jinja2 template each, and who uses it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """One way to lay out an invoice.

    `countries` limits who uses it (empty: everybody whose language fits). `rows` are the line counts that fit
    on the first and on a following page when subtotals are carried forward.
    """

    name: str
    languages: tuple[str, ...] = ("fr", "en", "de")
    countries: tuple[str, ...] = ()
    sole_trader: bool = False
    rows: tuple[int, int] = (15, 27)
    full_columns: bool = False


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("label_left"),
        Layout("boxes", rows=(12, 22)),
        Layout("header_table"),
        Layout("two_columns"),
        Layout("footer_seller"),
        Layout("band"),
        Layout("saas", rows=(10, 20)),
        Layout("ruled", rows=(16, 16), full_columns=True),
        Layout("typewriter"),
        Layout("wholesale", rows=(26, 40), full_columns=True),
        Layout("odoo", rows=(10, 20)),
        Layout("letter", rows=(8, 20)),
        Layout("slip", rows=(8, 18)),
        Layout("total_boxes"),
        Layout("micro", languages=("fr",), countries=("FR",), sole_trader=True),
        Layout("din5008", languages=("de",), rows=(10, 20)),
        Layout("british", languages=("en",), countries=("GB", "IE")),
        Layout("american", languages=("en",), countries=("US",)),
    )
}
