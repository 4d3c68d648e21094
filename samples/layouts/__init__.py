"""The layouts: one Jinja2 template each, and who uses it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """One way to lay out an invoice.

    `countries` limits who uses it (empty: everybody whose language fits). `rows` are the line counts that fit
    on the first and on a following page when subtotals are carried forward. `trades` limits what its suppliers sell;
    `gross` is the share of them whose lines include VAT. `further` ones draw their labels and numbers from
    `data/*_more.yaml`. `abroad` is the share of suppliers that invoice in a foreign currency, `paid` that of invoices
    already paid in full.
    """

    name: str
    languages: tuple[str, ...] = ("fr", "en", "de", "es", "it", "nl")
    countries: tuple[str, ...] = ()
    sole_trader: bool = False
    rows: tuple[int, int] = (15, 27)
    full_columns: bool = False
    split: str = "train"
    trades: tuple[str, ...] = ()
    gross: float = 0.06
    further: bool = False
    abroad: float = 0.0
    paid: float = 0.0

    @property
    def held_out(self) -> bool:
        """Whether its suppliers are for measuring only, with wordings and companies of their own."""
        return self.split != "train"


SPLITS = ("train", "test", "blind")
"""Suppliers of `train` layouts may be learned from; those of `test` layouts are for measuring, and their failures may
be looked at; of `blind` ones only the figures may, never the pages."""

_GOODS = ("hardware", "textile", "medical", "food", "office")

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
        Layout("sage", rows=(12, 22), split="test"),
        Layout("two_windows", rows=(14, 26), split="test"),
        Layout("utility", rows=(30, 34), split="test", trades=("telecom", "energy")),
        Layout("platform", rows=(9, 20), gross=0.3),
        Layout("plain_text", rows=(20, 34), split="test", full_columns=True),
        Layout("atelier", rows=(9, 16)),
        Layout("fee_note", rows=(8, 18), split="test", trades=("legal", "agency", "consulting")),
        Layout("form_grid", rows=(18, 30), split="test", trades=("freight", "transport", "hardware", "garage")),
        Layout("folio", rows=(20, 30), split="test", trades=("hospitality", "bakery"), gross=0.7),
        Layout("landscape", rows=(14, 18), trades=_GOODS, full_columns=True),
        Layout("craftsman", rows=(12, 26), trades=("garden", "garage", "plumbing", "building")),
        Layout("left_totals", rows=(14, 26), split="test"),
        Layout("blue_line", rows=(12, 22)),
        Layout("info_block", rows=(12, 22)),
        Layout("pill", rows=(12, 24)),
        Layout("books", rows=(14, 24)),
        Layout("rounded", rows=(14, 26)),
        Layout("till", rows=(60, 60), trades=("food", "office", "bakery", "hospitality"), gross=0.8),
        Layout("hero", rows=(10, 18)),
        Layout("grey_blocks", rows=(16, 28)),
        Layout("in_sentences", rows=(10, 22), further=True),
        Layout("legal_line", rows=(14, 26), further=True),
        Layout("pipes", rows=(14, 26), further=True),
        Layout("paired_grid", rows=(12, 24), further=True),
        Layout("stub_first", rows=(10, 22), further=True),
        Layout("side_column", rows=(14, 26), further=True),
        Layout("number_large", rows=(12, 24), further=True),
        Layout("bilingual", rows=(12, 24), further=True),
        Layout("buyer_below", rows=(10, 20), further=True, gross=0.2),
        Layout(
            "ledger_form",
            rows=(18, 30),
            split="blind",
            trades=("components", "grocer", "heating", "gadgets"),
            full_columns=True,
        ),
        Layout("cloud_books", rows=(12, 22), split="blind", trades=("heating", "counsel", "cloudware", "components")),
        Layout("subscription", rows=(10, 22), split="blind", trades=("cloudware", "counsel"), abroad=0.2, paid=0.4),
        Layout("basket", rows=(12, 22), split="blind", trades=("gadgets",), gross=0.75, paid=0.5),
        Layout("provider", rows=(26, 32), split="blind", trades=("operator", "supply", "cloudware")),
        Layout(
            "business_letter",
            rows=(10, 22),
            split="blind",
            trades=("heating", "counsel", "components", "cloudware"),
            abroad=0.05,
        ),
        Layout(
            "erp_form",
            rows=(12, 20),
            split="blind",
            trades=("components", "haulage", "grocer"),
            full_columns=True,
            abroad=0.08,
        ),
        Layout("stay", rows=(18, 28), split="blind", trades=("lodging", "grocer"), gross=0.6, paid=0.35),
    )
}


def layouts_of(split: str) -> tuple[str, ...]:
    """The names of the layouts of a split; "all" gives train and test: blind ones come only when they are asked for.

    Raises ValueError for any other name.
    """
    if split not in {*SPLITS, "all"}:
        raise ValueError(f"unknown split: {split}; known: {', '.join(SPLITS)}, all")
    return tuple(
        layout.name
        for layout in LAYOUTS.values()
        if layout.split == split or (split == "all" and layout.split != "blind")
    )
