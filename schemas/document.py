"""A file that came in."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field as Constraint

from schemas.base import Value


class MediaType(StrEnum):
    """The kinds of file that can be read, told by content."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    BMP = "image/bmp"
    XML = "application/xml"

    @property
    def is_image(self) -> bool:
        """Whether the file is a picture."""
        return self.value.startswith("image/")


class Document(Value):
    """One archived original, known by the SHA-256 of its bytes."""

    sha256: str = Constraint(pattern=r"^[0-9a-f]{64}$")
    file_name: str
    size: int = Constraint(ge=0, description="Bytes.")
    media_type: MediaType
    received_at: datetime

    @property
    def document_id(self) -> str:
        """The first 16 characters of the hash: short enough to type, long enough to be unique."""
        return self.sha256[:16]
