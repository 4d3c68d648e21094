"""Packed data that becomes large, made without ever being large."""

import zlib

BASE = 65521
"""The modulus of Adler-32 (RFC 1950)."""


def packed(block: bytes, times: int) -> bytes:
    """A zlib stream of a block so many times: after a full flush its packed form can simply be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + piece * times + b"\x03\x00" + _checksum(block, times).to_bytes(4, "big")


def _checksum(block: bytes, times: int) -> int:
    """Adler-32 of the repeated block, put together as zlib's adler32_combine does."""
    once, length = zlib.adler32(block), len(block) % BASE
    low, high = 1, 0
    for _ in range(times):
        high = (high + length * low + (once >> 16) - length) % BASE
        low = (low + (once & 0xFFFF) - 1) % BASE
    return high << 16 | low
