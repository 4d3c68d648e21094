"""A folder as a target: one voucher file an order, for a program that collects them. Implements `ports.Target`.

`REFERENCE.json` is the voucher; that it is there means posted, for it appears under its name at once, whole and on the
disk, and never a second time: a link fails where the name is taken. The original stands beside it before that.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from pipeline.durable import copy_file, link, make_folder, move, part_in, sync_folder, write_file
from pipeline.errors import TargetDown, TargetRefused
from pipeline.ports import Posted
from pipeline.settings import Settings
from schemas import FieldName, PostingKey, PostingOrder, Voucher

FOLDER = "posted"
_SUFFIXES = {b"%PDF": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"II*\x00": ".tif", b"MM\x00*": ".tif"}


def file_target(settings: Settings, client_id: str) -> "FileTarget":
    """The folder of a client under the home."""
    return FileTarget(settings.home / FOLDER / client_id)


class FileTarget:
    """Voucher files of one client. Safe to use by several posters at once."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: PostingKey) -> Voucher | None:
        """The voucher of a key, None when its file is not there. Raises TargetDown, TargetRefused."""
        path = self._path(key)
        return _read(path) if path.exists() else None

    def post(self, order: PostingOrder, original: Path) -> Posted:
        """Write the voucher file and the original beside it; one that is there already is given back as it is.

        Raises TargetDown when the disk does not take it, TargetRefused when another file has the name.
        """
        path = self._path(order.key)
        try:
            make_folder(self._folder)
            attached = self._attach(order, original)
            self._write(path, _content(order, attached.name))
        except OSError as error:
            raise TargetDown(f"The folder {self._folder} does not take it: {error}") from error
        return Posted(_read(path), (str(path), str(attached)))

    def vouchers(self) -> Iterator[Voucher]:
        """All vouchers of the folder, by reference. Raises TargetDown, TargetRefused."""
        for path in sorted(self._folder.glob("*.json")):
            yield _read(path)

    def _path(self, key: PostingKey) -> Path:
        return self._folder / f"{key.reference}.json"

    def _attach(self, order: PostingOrder, original: Path) -> Path:
        with original.open("rb") as file:
            begin = file.read(4)
        suffix = next((suffix for magic, suffix in _SUFFIXES.items() if begin.startswith(magic)), ".xml")
        path = self._folder / f"{order.key.reference}{suffix}"
        if not path.exists():
            with part_in(self._folder) as part:
                copy_file(original, part)
                move(part, path)
        return path

    def _write(self, path: Path, content: bytes) -> None:
        with part_in(self._folder) as part:
            write_file(part, content)
            with suppress(FileExistsError):  # an earlier attempt, or another poster, was first
                link(part, path)
        sync_folder(self._folder)  # also what another one wrote who died before this


def _content(order: PostingOrder, attached: str) -> bytes:
    data = {
        "voucher": _voucher(order).model_dump(mode="json"),
        "key": order.key.model_dump(mode="json"),
        "original": {"file": attached, "name": order.file_name, "sha256": order.sha256},
        "document": f"{order.document_id}/{order.part}",
        "invoice": order.record.invoice().model_dump(mode="json", exclude_none=True),
        "coding": order.coding.model_dump(mode="json"),
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


def _voucher(order: PostingOrder) -> Voucher:
    value, coding = order.record.value, order.coding
    net = value(FieldName.NET_TOTAL)
    tax = value(FieldName.TAX_TOTAL)
    if net is None or tax is None:
        tax = sum((one.amount for one in coding.taxes), start=Decimal(0))
        net = coding.total - tax
    return Voucher(
        reference=order.key.reference,
        target_id=order.key.reference,
        seller_name=value(FieldName.SELLER_NAME) or "",
        number=value(FieldName.INVOICE_NUMBER) or "",
        issue_date=order.key.issue_date,
        net=net,
        tax=tax,
        gross=order.key.gross,
        currency=value(FieldName.CURRENCY) or "EUR",
    )


def _read(path: Path) -> Voucher:
    try:
        return Voucher.model_validate(json.loads(path.read_bytes())["voucher"])
    except OSError as error:
        raise TargetDown(f"{path} cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        remedy = f"Look at {path}: it is no voucher of ours. Move it away, then `backoffice postings retry`."
        raise TargetRefused(f"{path.name} is no voucher: {error}", remedy=remedy) from error
