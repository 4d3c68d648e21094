"""Masks: the form of a number or date, readable by an operator. "FA-2026-0012" has the mask "FA-####-####".

`#` stands for a digit, `@` for a letter that varies; all else stands for itself.
"""

import re
from collections.abc import Iterable

_RUNS = re.compile(r"#+|@+|[A-Z]+|.", re.DOTALL)


def mask_of(raw: str, keep_letters: bool = True) -> str:
    """The mask of one value: digits become #; letters stay (in upper case), or become @."""
    text = " ".join(raw.split()).upper()
    text = re.sub(r"\d", "#", text)
    return text if keep_letters else re.sub(r"[^\W\d_]", "@", text)


def fits(raw: str, masks: Iterable[str]) -> bool | None:
    """Whether a value has one of the masks: True as it stands, None when only lengths differ, False when not at all.

    A counter grows a digit and a month has few letters or many, so another length neither speaks for nor against.
    """
    shape = mask_of(raw)
    answers = {_compare(shape, mask) for mask in masks}
    if True in answers:
        return True
    return None if None in answers or not answers else False


def merged(old: Iterable[str], new: Iterable[str], kept: int = 4) -> tuple[str, ...]:
    """The masks of both, newest last; two that differ in one run of letters become one with @ there."""
    masks: list[str] = []
    for mask in (*old, *new):
        if any(_compare(mask, known) is not False for known in masks):
            continue
        twin = next((known for known in masks if _joined(known, mask)), None)
        if twin is None:
            masks.append(mask)
        else:
            masks[masks.index(twin)] = str(_joined(twin, mask))
    return tuple(masks[-kept:])


def _compare(shape: str, mask: str) -> bool | None:
    """Of a value's own mask with a learned one."""
    if len(shape) == len(mask) and all(_same(one, other) for one, other in zip(shape, mask, strict=True)):
        return True
    ours, theirs = _RUNS.findall(shape), _RUNS.findall(mask)
    alike = len(ours) == len(theirs) and all(_same_run(*pair) for pair in zip(ours, theirs, strict=True))
    return None if alike else False


def _same(char: str, wanted: str) -> bool:
    return char == wanted or (wanted == "@" and char.isalpha())


def _same_run(run: str, wanted: str) -> bool:
    if wanted[0] == "@":
        return run[0] == "@" or run[0].isalpha()
    return run[0] == wanted[0] == "#" or run == wanted


def _joined(one: str, other: str) -> str | None:
    """One mask for two of the same length that differ in letters only, in at most one run; else None."""
    ours, theirs = _RUNS.findall(one), _RUNS.findall(other)
    if len(one) != len(other) or len(ours) != len(theirs):
        return None
    differing = [index for index, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]]
    if len(differing) != 1 or not (ours[differing[0]].isalpha() and theirs[differing[0]].isalpha()):
        return None
    run = differing[0]
    return "".join([*ours[:run], "@" * len(ours[run]), *ours[run + 1 :]])
