"""Passwords: argon2id hashes, with the parameters that argon2-cffi recommends (RFC 9106, low memory)."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.house.errors import NotAllowed

SHORTEST, LONGEST = 12, 256
"""Characters. Length is what counts; composition rules only make passwords worse (NIST SP 800-63B)."""

_HASHER = PasswordHasher()
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def hashed(password: str) -> str:
    """The hash to keep. Raises NotAllowed for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise NotAllowed(f"A password has {SHORTEST} to {LONGEST} characters.", code="bad-password")
    return _HASHER.hash(_normal(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password of a hash. Without one, of an unknown name, it takes the same time and is False."""
    try:
        is_right = _HASHER.verify(kept or _nobodys(), _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return is_right and kept is not None and len(password) <= LONGEST


def needs_new_hash(kept: str) -> bool:
    """Whether a hash was made with older parameters."""
    return _HASHER.check_needs_rehash(kept)


def one_time() -> str:
    """A password to hand over: 16 letters and digits in groups, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _normal(password: str) -> str:
    """The same bytes however a keyboard composes its accents."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex())
