"""Makes a page of labels that nobody has seen: some of its label wordings are put into words of no language.

A supplier never met uses words that no list has, and what was fitted on known words alone is too sure of itself there.
"""

from collections.abc import Sequence
from random import Random
from string import ascii_lowercase

from pipeline.extract.candidates import survey
from schemas import Page, Word

SHARE = 1 / 3
"""How many of a document's label wordings are put into unknown words."""
_OTHER_LETTERS = str.maketrans(ascii_lowercase, "qxzkvwjqyfxqzvkjwxqzyfxkvz")


def with_unknown_words(pages: Sequence[Page], seed: str, spared: str = "") -> tuple[Page, ...]:
    """The pages with `SHARE` of their label wordings, chosen by the seed, in words that mean nothing.

    Figures, length and place of the words stay. Words of the text `spared`, such as the names of the parties, are kept.
    """
    labels = survey(pages).labels
    wordings = sorted({label.segment.text[label.start : label.end].casefold() for label in labels})
    rng = Random(seed)  # noqa: S311 (which words are hidden is no secret)
    hidden = {wording for wording in wordings if rng.random() < SHARE}
    changed = {
        id(word): _unknown(word)
        for label in labels
        if label.segment.text[label.start : label.end].casefold() in hidden
        for word in label.segment.words[slice(*label.segment.words_between(label.start, label.end))]
        if word.text.casefold() not in spared.casefold()
    }
    return tuple(
        page.model_copy(update={"words": tuple(changed.get(id(word), word) for word in page.words)}) for page in pages
    )


def _unknown(word: Word) -> Word:
    return word.model_copy(update={"text": word.text.casefold().translate(_OTHER_LETTERS)})
