"""What was read of a document: pages of words with boxes, and the e-invoice inside it.

Lengths are in points (1/72 inch). The frame is the page as shown upright: `Page.transform` maps a pixel of the
raw rendering to that frame, so that a picture and the boxes on it can be made again from the original bytes.
"""

from enum import StrEnum

from pydantic import Field as Constraint

from schemas.base import Probability, Value
from schemas.finding import Failure, Finding
from schemas.invoice import Invoice


class Box(Value):
    """A rectangle in points, origin at the top left of the upright page."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.y1 - self.y0

    @property
    def x_mid(self) -> float:
        """Horizontal centre in points."""
        return (self.x0 + self.x1) / 2

    @property
    def y_mid(self) -> float:
        """Vertical centre in points."""
        return (self.y0 + self.y1) / 2

    def union(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            x0=min(self.x0, other.x0),
            y0=min(self.y0, other.y0),
            x1=max(self.x1, other.x1),
            y1=max(self.y1, other.y1),
        )

    def scaled(self, factor: float) -> "Box":
        """The same place in another unit, such as pixels."""
        return Box(x0=self.x0 * factor, y0=self.y0 * factor, x1=self.x1 * factor, y1=self.y1 * factor)


class TextSource(StrEnum):
    """Where words come from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    SECOND_READER = "second_reader"


class Word(Value):
    """A run of characters without white space."""

    text: str
    box: Box
    confidence: Probability = 1.0
    source: TextSource = TextSource.TEXT_LAYER


class Page(Value):
    """One page: its size in points, its words in reading order, and how the upright frame was made."""

    number: int = Constraint(ge=1)
    width: float = Constraint(gt=0)
    height: float = Constraint(gt=0)
    words: tuple[Word, ...] = ()
    source: TextSource = TextSource.TEXT_LAYER
    dpi: float = Constraint(default=72.0, gt=0, description="Pixels of the raw rendering per 72 points.")
    transform: tuple[float, ...] = Constraint(
        default=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        min_length=9,
        max_length=9,
        description="Row-major 3x3 homography, raw rendering pixels to upright rendering pixels.",
    )
    steps: tuple[str, ...] = Constraint(default=(), description="What was done to the picture before OCR.")
    hidden: tuple[Word, ...] = Constraint(
        default=(), description="Words of a PDF that a person does not see; in the same frame, also outside the page."
    )


class EInvoice(Value):
    """An electronic invoice found in a document."""

    syntax: str = Constraint(description='"ubl", "cii" or "zugferd1".')
    profile: str = Constraint(description="BT-24, the specification identifier, or empty.")
    file_name: str = Constraint(default="", description="Name of the embedded file; empty when standalone.")
    invoice: Invoice
    findings: tuple[Finding, ...] = Constraint(default=(), description="Violated EN 16931 rules.")


class Reading(Value):
    """All that was read of one document, and what failed while reading it."""

    pages: tuple[Page, ...] = ()
    e_invoice: EInvoice | None = None
    failures: tuple[Failure, ...] = ()
