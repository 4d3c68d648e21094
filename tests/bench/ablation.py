"""What each part of the pipeline is worth: the same files with settings switched, row by row, as a Markdown table.

    python -m tests.bench.ablation FOLDER... [--table FILE.yaml] [--out DIR] [--ignore-xml] [--bare | --bare-seconds S]

Each FOLDER holds a `truth.jsonl` and its files, at least one of them with pages. The rows are those of
tests/bench/ablation.yaml, or of another table of the same form. Every row is `backoffice process` in a new home, all
its CPU seconds counted, and is scored as `backoffice evaluate` does. `--bare` measures Tesseract alone on those pages
for the ratio, `--bare-seconds` takes its CPU seconds a page from an earlier run. `--out` keeps the evaluations:
`backoffice evaluate --compare` and `pipeline.measure.champion` take them.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pypdfium2 as pdfium
import yaml
from PIL import UnidentifiedImageError
from pydantic import BaseModel

from pipeline.measure.cases import read_predictions, read_truth
from pipeline.measure.document import DocumentScore, pair, score_document
from pipeline.measure.evaluate import Evaluation, evaluation_of
from pipeline.measure.notation import interval, percent, score
from pipeline.settings import Settings
from tests.bench.pages import BACKOFFICE, bare_cpu, cpu_of, rendered

TABLE = Path(__file__).with_name("ablation.yaml")
SHOWN_STOPS = 2
HEAD = (
    "| switched | header F1 | lines F1 | straight through | wrong critical fields among those | wrong documents "
    "| CPU s a page | over bare Tesseract | what stopped most |\n|---|---|---|---|---|---|---|---|---|"
)


def main(words: Sequence[str] | None = None) -> None:
    """Measure row by row and print each as soon as it is known."""
    given = arguments(words)
    table, unknown = rows(given.table)
    with tempfile.TemporaryDirectory(prefix="backoffice-ablation-") as scratch:
        pages, bare = page_cost(given.folders, Path(scratch), given.bare, given.bare_seconds)
        say(f"{pages} pages; bare Tesseract {'not measured' if bare is None else f'{bare:.2f} CPU s a page'}\n")
        say(HEAD)
        for number, (name, switches) in enumerate(table.items()):
            seconds, result = measured(given.folders, switches, Path(scratch) / str(number), given.ignore_xml)
            say(line(name, result, seconds / pages, bare))
            if given.out:
                given.out.mkdir(parents=True, exist_ok=True)
                (given.out / f"{name.replace(' ', '-')}.json").write_text(result.model_dump_json(indent=1), "utf-8")
    for name, setting in unknown.items():
        say(f"\nNot measured: {name} (there is no setting {setting}).")


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ablation", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--table", type=Path, default=TABLE, help="YAML: row name, then settings by their names")
    parser.add_argument("--out", type=Path, help="keep the evaluation of each row here, as JSON")
    parser.add_argument("--ignore-xml", action="store_true")
    parser.add_argument("--bare", action="store_true", help="measure Tesseract alone on the same pages")
    parser.add_argument("--bare-seconds", type=float, help="its CPU seconds a page, from an earlier run")
    return parser.parse_args(words)


def rows(path: Path) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The rows that can be measured, and for each other one the setting that does not exist."""
    # the base loader makes texts only: `off` is no boolean
    table = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    known = set(setting_names(Settings))
    unknown = {name: setting for name, switches in table.items() for setting in switches if setting not in known}
    return {name: switches for name, switches in table.items() if name not in unknown}, unknown


def setting_names(model: type[BaseModel], prefix: str = "BACKOFFICE_") -> Iterator[str]:
    """Every setting by its name in the environment; one that is misspelt there would silently change nothing."""
    for name, field in model.model_fields.items():
        yield f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_names(field.annotation, f"{prefix}{name.upper()}__")


def page_cost(folders: Sequence[Path], scratch: Path, measure: bool, known: float | None) -> tuple[int, float | None]:
    """How many pages there are, and what one costs Tesseract alone."""
    pages = 0
    spent = 0.0
    for folder in folders:
        for file in files_of(folder):
            images = pages_of(file, scratch)
            pages += len(images)
            spent += bare_cpu(images) if measure else 0.0
            for image in images:
                image.unlink()
    return pages, spent / pages if measure else known


def pages_of(file: Path, scratch: Path) -> list[Path]:
    """The pages of a file as pictures; an XML file and one that is broken have none."""
    with suppress(pdfium.PdfiumError, UnidentifiedImageError):
        return list(rendered(file, scratch))
    return []


def measured(
    folders: Sequence[Path], switches: Mapping[str, str], scratch: Path, ignore_xml: bool
) -> tuple[float, Evaluation]:
    """CPU seconds of the whole program over all folders, and how well it read."""
    seconds = 0.0
    documents: list[DocumentScore] = []
    for number, folder in enumerate(folders):
        home, out = scratch / f"home-{number}", scratch / f"{number}.jsonl"
        options = ("--workers", "1", "--home", str(home), "--out", str(out), *(["--ignore-xml"] if ignore_xml else []))
        seconds += cpu_of(BACKOFFICE, "process", *options, *map(str, files_of(folder)), switches=switches)
        for truth, said in pair(read_truth(folder / "truth.jsonl"), read_predictions(out)):
            document = score_document(truth, said)
            documents.append(document.model_copy(update={"file": f"{folder.name}/{document.file}"}))
    name = ", ".join(folder.name for folder in folders)
    return seconds, evaluation_of(tuple(documents), name=name, page_only=ignore_xml)


def files_of(folder: Path) -> list[Path]:
    """The files that the truth of a folder names, each once."""
    return [folder / name for name in dict.fromkeys(truth.file for truth in read_truth(folder / "truth.jsonl"))]


def line(name: str, result: Evaluation, seconds: float, bare: float | None) -> str:
    """One row of the Markdown table."""
    group = result.overall
    cells = (
        name,
        score(group.header.f1),
        score(group.lines.f1),
        f"{group.straight_through.count} of {group.straight_through.of} ({percent(group.straight_through.rate)})",
        f"{group.wrong_fields.count} of {group.wrong_fields.of} ({interval(group.wrong_fields)})",
        f"{group.wrong_documents.count} of {group.wrong_documents.of}",
        f"{seconds:.2f}",
        "–" if bare is None else f"{seconds / bare:.2f}",
        ", ".join(f"{stop.code} {stop.documents}" for stop in result.stops[:SHOWN_STOPS]) or "–",
    )
    return f"| {' | '.join(cells)} |"


def say(text: str) -> None:
    """Print at once: a row takes minutes."""
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
