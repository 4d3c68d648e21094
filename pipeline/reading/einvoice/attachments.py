"""Files embedded in a PDF, read within bounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice

import pikepdf
from pikepdf.settings import get_qpdf_limits, set_qpdf_limits

from pipeline.errors import BrokenFile, TooLarge

MAX_EMBEDDED_FILES = 100
"""Files looked at in one PDF; real ones embed a handful."""

MAX_FILTERS = 4
"""Encodings on top of each other; real embedded files have one or two."""


@dataclass(frozen=True)
class EmbeddedFile:
    """A file inside a PDF, by the name it claims."""

    name: str
    stream: pikepdf.Object

    def read(self, max_bytes: int) -> bytes:
        """The file's bytes.

        Raises TooLarge when they inflate to more than `max_bytes`, BrokenFile when they are damaged.
        """
        with _inflation_bounded_to(max_bytes):
            try:
                return bytes(self.stream.read_bytes())
            except pikepdf.PdfError as error:
                if "limit exceeded" in str(error):
                    raise TooLarge(f"The file {self.name} inside has over {max_bytes} bytes.") from error
                raise BrokenFile(f"The file {self.name} inside is damaged: {error}.") from error


@contextmanager
def embedded_files(pdf: bytes) -> Iterator[list[EmbeddedFile]]:
    """The files of a PDF's attachment tree and its associated files, each once, readable inside the `with`.

    Raises BrokenFile for a PDF that is damaged or needs a password.
    """
    try:
        document = pikepdf.open(BytesIO(pdf))
    except pikepdf.PasswordError as error:
        remedy = "Ask the sender for a PDF without a password."
        raise BrokenFile("The PDF needs a password.", remedy=remedy) from error
    except pikepdf.PdfError as error:
        raise BrokenFile(f"The PDF is damaged: {error}.") from error
    with document:
        try:
            files = {file.stream.objgen: file for file in islice(_files(document), MAX_EMBEDDED_FILES)}
        # pikepdf answers a malformed tree with the exceptions of Python's own containers
        except (pikepdf.PdfError, KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise BrokenFile(f"The PDF's list of embedded files is damaged: {error}.") from error
        yield list(files.values())


def _files(document: pikepdf.Pdf) -> Iterator[EmbeddedFile]:
    attached = (spec.obj for spec in document.attachments.values())
    associated = document.Root.get(pikepdf.Name.AF, pikepdf.Array())
    for spec in chain(attached, associated):
        if pikepdf.Name.EF in spec:
            stream = spec.EF.get(pikepdf.Name.UF) or spec.EF.get(pikepdf.Name.F)
            name = spec.get(pikepdf.Name.UF) or spec.get(pikepdf.Name.F) or ""
            if isinstance(stream, pikepdf.Stream):
                yield EmbeddedFile(str(name), stream)


@contextmanager
def _inflation_bounded_to(max_bytes: int) -> Iterator[None]:
    # qpdf's limits are global to the process; this process reads one document at a time.
    before = get_qpdf_limits()
    set_qpdf_limits(flate_max_memory=max_bytes, run_length_max_memory=max_bytes, max_stream_filters=MAX_FILTERS)
    try:
        yield
    finally:
        set_qpdf_limits(
            flate_max_memory=before["flate_max_memory"],
            run_length_max_memory=before["run_length_max_memory"],
            max_stream_filters=before["max_stream_filters"],
        )
