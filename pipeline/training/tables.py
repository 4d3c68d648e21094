"""From read documents with truth to tables of candidates: one row a candidate, and whether it is right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.adding_up import Proof, proof_of
from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.line_items import extract_lines
from pipeline.extract.propose import propose
from pipeline.extract.scoring.features import features_of
from pipeline.extract.scoring.surroundings import Surroundings
from pipeline.extract.vat_table import extract_vat_breakdown, with_bases
from pipeline.measure.cases import Truth
from pipeline.measure.normalise import normalise, same
from schemas import Candidate, FieldName, Page

DROPPED = 0.35
"""How many of a document's label wordings are hidden in its second showing, so that the scorer learns to do without."""


@dataclass(frozen=True)
class Table:
    """Candidates of one field over many documents."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    documents: NDArray[np.int32]
    """Which showing of which document a row belongs to; rows of one are together."""
    folds: NDArray[np.int8]
    """Which part of the layouts the row's document belongs to."""
    scores: NDArray[np.float32]
    """The hand-set score."""


@dataclass(frozen=True)
class Shown:
    """One showing of a document: its sheet, proofs and truth."""

    sheet: Sheet
    proof: Proof
    truth: Truth
    fold: int


class Rows(NamedTuple):
    """The candidates of one showing: features and whether each is right, by field."""

    fields: dict[FieldName, tuple[NDArray[np.float32], list[bool], list[float]]]
    fold: int


def rows_of(shown: Shown) -> Rows:
    """The candidates of every field that the truth knows of."""
    proposals = propose(shown.sheet)
    around = Surroundings(shown.sheet, shown.proof)
    return Rows(
        {
            name: (
                features_of(name, proposals, around),
                [is_right(name, option, shown.truth) for option in options],
                [option.score for option in options],
            )
            for name, options in proposals.items()
            if options and name in shown.truth.fields
        },
        shown.fold,
    )


def tables_of(showings: Sequence[Rows]) -> dict[FieldName, Table]:
    """One table a field; even documents are shown as they are, odd ones are the same with labels hidden."""
    names = dict.fromkeys(name for rows in showings for name in rows.fields)
    return {
        name: _table(
            [(number, rows.fold, *rows.fields[name]) for number, rows in enumerate(showings) if name in rows.fields]
        )
        for name in names
    }


def showings_of(pages: Sequence[Page], truth: Truth, fold: int, seed: int) -> Iterator[Shown]:
    """A document as it is, and once more with some of its labels hidden."""
    sheet = survey(pages)
    lines = extract_lines(pages)
    proof = proof_of(lines, with_bases(extract_vat_breakdown(pages), lines))
    yield Shown(sheet, proof, truth, fold)
    yield Shown(_with_labels_hidden(sheet, Random(f"{seed}/{truth.file}")), proof, truth, fold)  # noqa: S311


def _with_labels_hidden(sheet: Sheet, rng: Random) -> Sheet:
    wordings = sorted({label.segment.text[label.start : label.end].casefold() for label in sheet.labels})
    hidden = {wording for wording in wordings if rng.random() < DROPPED}
    kept = [label for label in sheet.labels if label.segment.text[label.start : label.end].casefold() not in hidden]
    return replace(sheet, labels=tuple(kept))


def is_right(name: FieldName, option: Candidate, truth: Truth) -> bool:
    """Whether a candidate has the true value; nothing is right where there is none."""
    true = normalise(name, truth.fields[name])
    said = normalise(name, option.value)
    return true is not None and said is not None and same(name, true, said)


def _table(parts: Sequence[tuple[int, int, NDArray[np.float32], list[bool], list[float]]]) -> Table:
    numbers, folds, features, right, scores = zip(*parts, strict=True)
    sizes = [len(each) for each in right]
    return Table(
        features=np.concatenate(features),
        right=np.concatenate([np.array(each, dtype=bool) for each in right]),
        documents=np.repeat(np.array(numbers, dtype=np.int32), sizes),
        folds=np.repeat(np.array(folds, dtype=np.int8), sizes),
        scores=np.concatenate([np.array(each, dtype=np.float32) for each in scores]),
    )
