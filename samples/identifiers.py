"""Numbers of fictitious companies and accounts with valid check digits."""

from collections.abc import Callable
from random import Random

from stdnum import iban, luhn
from stdnum.at import uid as at_uid
from stdnum.ch import uid as ch_uid
from stdnum.es import ccc
from stdnum.es import cif as es_cif
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.iso7064 import mod_11_10
from stdnum.nl import bsn


def digits(rng: Random, count: int) -> str:
    """Random digits, the first of them not zero."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def make_siren(rng: Random) -> str:
    """Nine digits that satisfy Luhn, as INSEE gives them."""
    stem = rng.choice("345789") + digits(rng, 7)
    return stem + luhn.calc_check_digit(stem)


def make_siret(rng: Random, siren: str) -> str:
    """The SIREN and an establishment number, 14 digits that satisfy Luhn."""
    stem = siren + f"{rng.randrange(1, 9):04d}"
    return stem + luhn.calc_check_digit(stem)


def french_vat_id(siren: str) -> str:
    """FR, the key (12 + 3 x (SIREN mod 97)) mod 97, and the SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def make_vat_id(rng: Random, country: str, siren: str | None = None) -> str | None:
    """A VAT id with valid check digits, without punctuation; None for countries without VAT."""
    makers: dict[str, Callable[[Random], str]] = {
        "FR": lambda rng: french_vat_id(siren or make_siren(rng)),
        "BE": _belgian_vat_id,
        "DE": _german_vat_id,
        "AT": _austrian_vat_id,
        "IE": _irish_vat_id,
        "GB": _british_vat_id,
        "CH": _swiss_vat_id,
        "ES": _spanish_vat_id,
        "IT": _italian_vat_id,
        "NL": _dutch_vat_id,
    }
    return makers[country](rng) if country in makers else None


def make_iban(rng: Random, country: str, bank_code: str) -> str:
    """An IBAN of the country's structure with valid check digits (ISO 7064 mod 97-10), without spaces."""
    match country:
        case "FR":
            account = _french_account(rng, bank_code)
        case "BE":
            stem = bank_code + digits(rng, 7)
            account = f"{stem}{int(stem) % 97 or 97:02d}"
        case "GB" | "IE":
            account = bank_code + digits(rng, 14)
        case "CH":
            account = bank_code + digits(rng, 12)
        case "DE":
            account = bank_code + digits(rng, 10)
        case "AT":
            account = bank_code + digits(rng, 11)
        case "ES":
            stem, number = bank_code + digits(rng, 4), digits(rng, 10)
            account = stem + ccc.calc_check_digits(f"{stem}00{number}") + number
        case "IT":
            stem = bank_code + digits(rng, 5) + digits(rng, 12)
            account = _italian_check_letter(stem) + stem
        case "NL":
            account = bank_code + _dutch_account(rng)
        case _:
            raise ValueError(f"no IBAN structure for {country}")
    return country + iban.calc_check_digits(f"{country}00{account}") + account


def grouped(text: str, *sizes: int, gap: str = " ") -> str:
    """The text cut into groups; the last size repeats: grouped('FR7612', 4) -> 'FR76 12'."""
    parts: list[str] = []
    start = 0
    while start < len(text):
        size = sizes[min(len(parts), len(sizes) - 1)]
        parts.append(text[start : start + size])
        start += size
    return gap.join(parts)


def _french_account(rng: Random, bank_code: str) -> str:
    # Bank (5), branch (5), account (11) and the RIB key: 97 - (89 bank + 15 branch + 3 account) mod 97.
    branch, account = f"{rng.randrange(1, 99999):05d}", f"{rng.randrange(1, 10**11):011d}"
    key = 97 - (89 * int(bank_code) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank_code}{branch}{account}{key:02d}"


def _belgian_vat_id(rng: Random) -> str:
    stem = "0" + digits(rng, 7)
    return f"BE{stem}{97 - int(stem) % 97:02d}"


def _german_vat_id(rng: Random) -> str:
    stem = digits(rng, 8)
    return f"DE{stem}{mod_11_10.calc_check_digit(stem)}"


def _austrian_vat_id(rng: Random) -> str:
    stem = "U" + digits(rng, 7)
    return f"AT{stem}{at_uid.calc_check_digit(stem)}"


def _irish_vat_id(rng: Random) -> str:
    stem = digits(rng, 7)
    return f"IE{stem}{ie_vat.calc_check_digit(stem)}"


def _british_vat_id(rng: Random) -> str:
    while True:
        stem = digits(rng, 7)
        for check in range(97):
            number = f"{stem}{check:02d}"
            if gb_vat.is_valid(number):
                return f"GB{number}"


def _swiss_vat_id(rng: Random) -> str:
    while True:
        stem = digits(rng, 8)
        check = ch_uid.calc_check_digit(stem)
        if len(check) == 1:
            return f"CHE{stem}{check}MWST"


def _spanish_vat_id(rng: Random) -> str:
    stem = rng.choice("AB") + digits(rng, 7)
    return f"ES{stem}{es_cif.calc_check_digits(stem)[0]}"


def _italian_vat_id(rng: Random) -> str:
    # Seven digits of the taxpayer, three of the province's office, and Luhn.
    stem = digits(rng, 7) + f"{rng.randrange(1, 101):03d}"
    return f"IT{stem}{luhn.calc_check_digit(stem)}"


def _italian_check_letter(account: str) -> str:
    # The CIN of a bank account: odd places count by a table, even ones as they are, modulo 26.
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
    total = sum(odd[int(sign)] if at % 2 == 0 else int(sign) for at, sign in enumerate(account))
    return chr(ord("A") + total % 26)


def _dutch_vat_id(rng: Random) -> str:
    while True:
        number = digits(rng, 9)
        if bsn.is_valid(number):
            return f"NL{number}B01"


def _dutch_account(rng: Random) -> str:
    # Ten digits that satisfy the eleven test.
    while True:
        number = f"0{digits(rng, 9)}"
        if sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), number, strict=True)) % 11 == 0:
            return number
