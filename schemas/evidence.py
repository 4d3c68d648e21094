"""Why a value is believed."""

from enum import StrEnum

from schemas.base import Value


class EvidenceKind(StrEnum):
    """A kind of witness for a value."""

    XML = "xml"
    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    SECOND_READER = "second_reader"
    LABEL = "label"
    POSITION = "position"
    FORMAT = "format"
    CHECKSUM = "checksum"
    ARITHMETIC = "arithmetic"
    REPETITION = "repetition"
    SUPPLIER_MEMORY = "supplier_memory"
    PURCHASE_ORDER = "purchase_order"
    PERSON = "person"


class Evidence(Value):
    """One witness: what kind, whether it speaks for the value, and what it saw."""

    kind: EvidenceKind
    supports: bool = True
    detail: str = ""
