"""Prints what the newer layouts need: picture logos, references that are no fields, notes under lines, VAT codes."""

import base64
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

from PIL import Image, ImageDraw, ImageFont

from samples.identifiers import digits
from samples.model import EPOCH
from samples.parties import PaperPrinter
from samples.printing import TOTALS, Labelled
from samples.sums import ZERO
from samples.words import words
from schemas import InvoiceLine

T = TypeVar("T")

_SHORT_DAY = "dd/MM"
_LOGO_FONTS = (
    "/usr/share/fonts/truetype/lato/Lato-Black.ttf",
    "/usr/share/fonts/opentype/urw-base35/Z003-MediumItalic.otf",
    "/usr/share/fonts/opentype/urw-base35/URWGothic-Demi.otf",
    "/usr/share/fonts/truetype/open-sans/OpenSans-ExtraBold.ttf",
    "/usr/share/fonts/opentype/urw-base35/C059-BdIta.otf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
)
_SETUP_FONTS = tuple(font for font in _LOGO_FONTS if "urw" not in font)
"""Those that `make setup` installs. Pillow's own font, which stands in for the others, lacks accented letters."""


class SheetPrinter(PaperPrinter):
    """A printer whose templates draw further habits by name; a supplier draws the same again."""

    def pick(self, habit: str, *options: T) -> T:
        """One of the options, always the same for this supplier."""
        return Random(f"{self.paper.supplier.key}/{habit}").choice(options)

    def often(self, habit: str, probability: float) -> bool:
        """Whether the supplier has a habit."""
        return Random(f"{self.paper.supplier.key}/{habit}").random() < probability

    def title_upper(self) -> str:
        """The title in capitals, without letter spacing."""
        return self.title().upper()

    def both(self, key: str, gap: str) -> str:
        """A label in the supplier's language and in a second one: "Date / Datum"."""
        other = self.pick("second language", *(code for code in ("en", "de", "fr", "nl") if code != self.language))
        table = {**words("labels")[other], **words("labels_more")[other]}
        own = self.label(key) if not key.startswith("doc_") else self.title()
        return f"{own}{gap}{self.pick(f'second {key}', *table[key])}" if self._is_invoice() else own

    def refs(self, *keys: str) -> list[Labelled]:
        """Numbers of `extras.yaml` that are none of the invoice's fields."""
        rows = []
        for key in keys:
            entry = words("extras")[key]
            rows.append(Labelled(key, str(entry[self.language]), self._shaped(key, str(entry["shape"]))))
        return rows

    def _shaped(self, key: str, shape: str) -> str:
        rng = Random(f"{self.paper.supplier.key}/{self.buyer.name}/{key}")
        signs = {"#": "0123456789", "@": "ABCDEFGHKLMNPRSTVW"}
        return "".join(rng.choice(signs[sign]) if sign in signs else sign for sign in shape)

    def logo(self) -> str:
        """The trade name drawn as a picture (a data URI): it is in no text layer."""
        font = self.pick("logo font", *(_SETUP_FONTS if self.style.layout.split == "blind" else _LOGO_FONTS))
        return drawn_name(
            self.seller.trade_name, font, self.style.color, self.pick("logo shape", "", "box", "line", "dot")
        )

    def rib(self) -> list[Labelled]:
        """The French account in its four parts: bank, branch, account, key; empty elsewhere."""
        iban = str(self.invoice.payment.iban or "")
        if not self.bank() or not iban.startswith("FR"):
            return []
        names = ("Banque", "Guichet", "N° compte", "Clé")
        parts = (iban[4:9], iban[9:14], iban[14:25], iban[25:27])
        return [Labelled(name, name, part) for name, part in zip(names, parts, strict=True)]

    def totals_but_due(self) -> list[Labelled]:
        """The total rows without the amount due, for papers that print it in a box of its own."""
        return self.totals(*(name for name in TOTALS if name != "amount_due"))

    # What remains to be paid

    def settled(self) -> bool:
        """Whether the invoice was paid in full before it was sent."""
        return bool(self.invoice.totals.prepaid) and not self.invoice.totals.due

    def open_meta(self, skip: tuple[str, ...] = (), limit: int = 99) -> list[Labelled]:
        """Like `meta`, but a settled invoice has no due date."""
        return self.meta(skip=(*skip, "due_date") if self.settled() else skip, limit=limit)

    def owed(self) -> str:
        """'120,00 € à payer avant le 3 mai 2025'; that it was paid; empty on papers that ask for no money."""
        if not self._is_invoice():
            return ""
        if self.settled():
            wordings: list[str] = self.texts["settled"][self.language]
            return self.pick("settled", *wordings).format(date=self.date(self.invoice.issue_date or EPOCH))
        amount = self.field("amount_due")
        if not self._prints_due_date():
            return self.text("owed_now").format(amount=amount)
        return self.text("owed").format(amount=amount, date=self.field("due_date"))

    # Beside the lines

    def delivery(self, index: int) -> str:
        """A heading over some lines: the delivery note they came with; empty over the others."""
        rng = Random(f"{self.paper.supplier.key}/{self.invoice.number}/delivery")
        starts = {0, *(rng.randrange(1, 12) for _ in range(2))}
        if index not in starts:
            return ""
        issued = (self.invoice.issue_date or EPOCH) - timedelta(days=20 - index)
        number = digits(Random(f"{self.invoice.number}/{index}"), 5)
        return f"{self.style.labels['delivery_note']} {number} – {self.date(issued)}"

    def extra(self, what: str, index: int) -> str:
        """A cell that belongs to no field of a line: an article's EAN, the day of a service, parcels, weight."""
        rng = Random(f"{self.paper.supplier.key}/{self.invoice.number}/{what}/{index}")
        match what:
            case "ean":
                return "3" + digits(rng, 12)
            case "day":
                issued = self.invoice.issue_date or EPOCH
                return replace(self.style.notation, date_pattern=_SHORT_DAY).date(
                    issued - timedelta(days=max(0, 12 - index))
                )
            case "parcels":
                return str(rng.randrange(1, 12))
        return self.style.notation.number(Decimal(rng.randrange(30, 9000)) / 10, 1)

    def vat_code(self, line: InvoiceLine) -> str:
        """The number of the line's rate in the VAT breakdown, as papers with a legend print it."""
        rates = [row.rate for row in self.invoice.vat_breakdown]
        return str(rates.index(line.tax_rate) + 1)

    def recap(self) -> list[list[str]]:
        """Code, rate, base, VAT and gross of each rate."""
        rows = []
        for code, (row, (rate, base, amount)) in enumerate(
            zip(self.invoice.vat_breakdown, self.tax_rows(), strict=False), 1
        ):
            rows.append([str(code), rate, base, amount, self.plain((row.base or ZERO) + (row.amount or ZERO))])
        return rows

    def batches(self, rows: Sequence[T], size: int) -> list[Sequence[T]]:
        """The rows in groups of this size."""
        return [rows[at : at + size] for at in range(0, len(rows), size)]


@cache
def drawn_name(name: str, font_file: str, color: str, shape: str) -> str:
    """A name in a font as a PNG data URI, with a frame, a line or a dot."""
    path = Path(font_file)
    font = ImageFont.truetype(path, 96) if path.exists() else ImageFont.load_default(96)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(name))
    width, height, margin = right - left, bottom - top, 40
    picture = Image.new("RGB", (width + 3 * margin, height + 2 * margin), "white")
    draw = ImageDraw.Draw(picture)
    ink, at = color, (margin - left, margin - top)
    match shape:
        case "box":
            draw.rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), 24, fill=color)
            ink = "white"
        case "line":
            draw.rectangle((0, picture.height - 12, picture.width, picture.height), fill=color)
        case "dot":
            draw.ellipse((width + margin + 12, margin, width + margin + 52, margin + 40), fill="#e2a000")
    draw.text(at, name, font=font, fill=ink)
    out = io.BytesIO()
    picture.quantize(32).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
