"""A file that came in."""

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import Field as Constraint

from schemas.base import Value
from schemas.policy import MAIN


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
    """One archived original of a client, known by the SHA-256 of its bytes."""

    client_id: str = Constraint(default=MAIN, max_length=32)
    sha256: str = Constraint(pattern=r"^[0-9a-f]{64}$")
    file_name: str
    size: int = Constraint(ge=0, description="Bytes.")
    media_type: MediaType
    received_at: datetime

    @property
    def document_id(self) -> str:
        """16 hexadecimal digits: short enough to type, long enough to be unique.

        The beginning of the file's hash for the main client; for another one that of a hash over its id and the file's
        hash, so that the same bytes of two clients are two documents.
        """
        if self.client_id == MAIN:
            return self.sha256[:16]
        return hashlib.sha256(f"{self.client_id}/{self.sha256}".encode()).hexdigest()[:16]
