"""Tells what a document is, from its title, and which language it is written in."""

import re
from collections import Counter
from functools import cache

from pipeline.extract.candidates import Sheet
from pipeline.extract.data import load_data
from pipeline.extract.header import seen_by
from pipeline.extract.labels import plain
from schemas import Candidate, DocumentType, Evidence, EvidenceKind, FieldName


def propose_document_type(sheet: Sheet) -> tuple[Candidate, ...]:
    """The document's type by its most prominent title: large, high up, and at the start of its text."""
    weights: dict[DocumentType, float] = {}
    found: dict[DocumentType, Candidate] = {}
    heights = sorted(line.height for line in sheet.lines)
    usual = heights[len(heights) // 2] if heights else 10.0
    for line in sheet.lines:
        if line.page != sheet.pages[0].number:
            break
        height = line.box.y_mid / sheet.pages[0].height
        for segment in line.segments:
            text = _titling(segment.text).strip(" *:-#=")
            for doc_type, pattern in _titles():
                match = pattern.search(text)
                if match is None:
                    continue
                prominence = _prominence(match, text, segment.height / usual, height)
                if prominence > weights.get(doc_type, 0.0):
                    weights[doc_type] = prominence
                    found[doc_type] = Candidate(
                        name=FieldName.DOC_TYPE,
                        value=doc_type.value,
                        raw=segment.text,
                        page=line.page,
                        box=segment.box,
                        score=min(1.0, prominence),
                        evidence=(
                            seen_by(segment.words[0], segment.words[0].confidence),
                            Evidence(kind=EvidenceKind.LABEL, detail=f"title '{segment.text[:60]}'"),
                        ),
                    )
                break
    return tuple(sorted(found.values(), key=lambda c: -c.score))


def _prominence(match: re.Match[str], text: str, size: float, height: float) -> float:
    """0 to about 1.3: a title begins its text, has few other words, is larger than usual, and stands high up."""
    others = len((text[: match.start()] + " " + text[match.end() :]).split())
    weight = 0.35 if match.start() == 0 else 0.12
    weight += 0.25 / (1 + others)
    weight += min(0.4, max(0.0, 0.4 * (size - 1.0)))
    return weight + 0.25 * max(0.0, 1.0 - 2.0 * height)


def type_in(text: str) -> DocumentType | None:
    """The type that a text names, such as the pro forma invoice in "our pro forma invoice number 7"."""
    titling = _titling(text)
    return next((doc_type for doc_type, pattern in _titles() if pattern.search(titling)), None)


@cache
def _titles() -> tuple[tuple[DocumentType, re.Pattern[str]], ...]:
    """Types with their titles, the more specific first: "facture d'avoir" is a credit note."""
    return tuple(
        (
            DocumentType(name),
            re.compile(r"\b(?:" + "|".join(_wordings(titles)) + r")(?![^\W\d_])"),
        )
        for name, titles in load_data("titles.yaml")["titles"].items()
    )


def _titling(text: str) -> str:
    """What of a text may be a title: plain, without what only holds the words of one."""
    return _no_titles().sub(" ", plain(text))


@cache
def _no_titles() -> re.Pattern[str]:
    return re.compile("|".join(_wordings(load_data("titles.yaml")["no_titles"])))


def _wordings(titles: list[str]) -> list[str]:
    """Patterns of the titles, with or without the spaces between their words."""
    return [r"[\s-]?".join(map(re.escape, re.split(r"[\s-]", plain(title)))) for title in titles]


def language_of(sheet: Sheet) -> str:
    """The language whose labels and small words the document uses most; empty when it shows none."""
    votes: Counter[str] = Counter()
    for label in sheet.labels:
        if label.phrase.language != "any" and not label.phrase.weak:
            votes[label.phrase.language] += 2
    words = Counter(plain(word.text) for line in sheet.lines for word in line.words)
    for language, small_words in _small_words().items():
        votes[language] += sum(words[word] for word in small_words)
    return votes.most_common(1)[0][0] if votes and votes.most_common(1)[0][1] > 0 else ""


@cache
def _small_words() -> dict[str, tuple[str, ...]]:
    return {language: tuple(words.split()) for language, words in load_data("titles.yaml")["small_words"].items()}
