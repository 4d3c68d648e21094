"""The second reader: PP-OCRv6 through rapidocr, its models inside the wheel.

It errs independently of Tesseract, which is what makes its agreement worth something. Two uses: the text of strips that
somebody else cut out (recognition alone), and the words of a whole picture (detection and recognition).
"""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import BackofficeError, EnvironmentFault, ReaderError
from pipeline.ports import GrayImage, Strip
from schemas import Box

DETECTION_SIDE = 960
"""Longer side in pixels of the picture that lines are looked for in; 736 costs half and loses small print."""
LEAST_WIDTH = 160
"""Strips are padded to this many pixels at the model's height of 48; the model's own 320 costs twice for an amount."""
STRIPS_AT_ONCE = 2
"""Threads that read a strip each: no CPU time is won, but a document that comes alone is done earlier."""
LONGEST_STRIP = 120
"""Width in heights; what is longer is a rule, and the model's memory grows with it (20 MB for each hundred)."""
LEAST_LINE_HEIGHT = 6
"""Pixels; lower boxes are rules and dirt."""
FAILED = "second-reader-failed"
_KEPT_SIGNS = frozenset("€£$§°%&@#*+-–—_=/\\|<>()[]{}.,;:!?'\"’“”«»•·²³½ºª©®™×")


class PaddleReader:
    """Implements `pipeline.ports.SecondReader`. The models load at first use."""

    name = "pp-ocrv6"

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        """The text of pictures of one line each; an empty picture has none. Raises ReaderError, EnvironmentFault."""
        seen = [index for index, strip in enumerate(strips) if _may_be_a_line(strip)]
        answer = [Strip("", 0.0)] * len(strips)
        if seen:
            recognise = partial(_recognise, self._recogniser)
            with ThreadPoolExecutor(STRIPS_AT_ONCE) as threads:
                for index, strip in zip(seen, threads.map(recognise, [strips[i] for i in seen]), strict=True):
                    answer[index] = strip
        return tuple(answer)

    def find_lines(self, image: GrayImage) -> tuple[Box, ...]:
        """Where lines of text stand, in pixels of `image`, top to bottom. Raises ReaderError, EnvironmentFault."""
        detector = self._detector
        with _failures_told():
            found = detector(_three_channels(image)).boxes
        boxes = (_around(quad) for quad in (() if found is None else found))
        return tuple(box for box in boxes if box.height >= LEAST_LINE_HEIGHT)

    @cached_property
    def _models(self) -> Any:
        # onnxruntime reports its use to its maker, unless this is set before it is loaded
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        from rapidocr import RapidOCR  # noqa: PLC0415 (half a second, and only where pixels are read)

        return RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "error",
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTION_SIDE,
                "Rec.rec_img_shape": [3, 48, LEAST_WIDTH],
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    @cached_property
    def _detector(self) -> Any:
        with _faults_told():
            return self._models._load_det_model()

    @cached_property
    def _recogniser(self) -> Any:
        with _faults_told():
            recogniser = self._models._load_rec_model()
            recogniser.postprocess_op = _LatinDecoder(recogniser.postprocess_op.character)
            return recogniser


def _recognise(recogniser: Any, strip: GrayImage) -> Strip:
    # one at a time: a batch is padded to its longest strip, which costs more than it wins
    from rapidocr.ch_ppocr_rec.typings import TextRecInput  # noqa: PLC0415

    with _failures_told():
        answer = recogniser(TextRecInput(img=[_three_channels(strip)], return_word_box=True))
        return Strip(answer.txts[0], float(answer.scores[0]), answer.word_results[0])


@contextmanager
def _faults_told() -> Iterator[None]:
    """Models that do not load are the machine's fault, unless it is memory that this document has used up."""
    try:
        yield
    except MemoryError as error:
        raise ReaderError("The second reader's models do not fit into memory.", code=FAILED) from error
    except Exception as error:  # onnxruntime, OmegaConf and the file system raise what they like
        raise EnvironmentFault(
            f"The second reader's models cannot be loaded: {_said(error)}",
            code="second-reader-missing",
            remedy="pip install rapidocr onnxruntime, or set reading.second_reader to off.",
        ) from error


@contextmanager
def _failures_told() -> Iterator[None]:
    """What goes wrong inside the libraries costs a document its second reading, not its first."""
    try:
        yield
    except BackofficeError:
        raise
    except Exception as error:  # rapidocr, onnxruntime, OpenCV; a lack of memory among them
        raise ReaderError(f"The second reader failed: {_said(error)}", code=FAILED) from error


def _said(error: Exception) -> str:
    """The last line of an error's message: rapidocr's hold a whole traceback."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[-1][:300]}" if lines else type(error).__name__


class _LatinDecoder:
    """Reads the model's answer with the characters of European invoices only: of 18,710 it keeps some 400."""

    def __init__(self, characters: Sequence[str]) -> None:
        kept = [index for index, char in enumerate(characters) if index == 0 or _is_kept(char)]
        self._columns = np.array(kept)
        self._characters = [characters[index] for index in kept]

    def __call__(
        self, answer: NDArray[np.float32], _: bool, wh_ratio_list: Sequence[float], max_wh_ratio: float
    ) -> tuple[list[tuple[str, float]], list[tuple[float, ...]]]:
        """Text with confidence, and character centres as shares of the strip's width, of each strip of a batch."""
        likely = answer[:, :, self._columns]
        strips = [self._decode(rows, max_wh_ratio / ratio) for rows, ratio in zip(likely, wh_ratio_list, strict=True)]
        return [(strip.text, strip.confidence) for strip in strips], [strip.marks for strip in strips]

    def _decode(self, rows: NDArray[np.float32], stretch: float) -> Strip:
        """Connectionist temporal classification, greedy: repeated characters are one, blanks part them."""
        best = rows.argmax(axis=1)
        starts = np.flatnonzero((best != 0) & (np.diff(best, prepend=0) != 0))
        text = "".join(self._characters[best[at]] for at in starts)
        sure = rows[starts, best[starts]]
        marks = tuple(float(min(1.0, (at + 0.5) / len(best) * stretch)) for at in starts)
        return Strip(text, float(sure.mean()) if len(sure) else 0.0, marks)


def _is_kept(char: str) -> bool:
    if char in _KEPT_SIGNS or char == " ":
        return True
    return char.isascii() or ("LATIN" in unicodedata.name(char[:1], "") and char.isalpha())


def _may_be_a_line(strip: GrayImage) -> bool:
    height, width = strip.shape
    return bool(height > 1 and 1 < width <= LONGEST_STRIP * height)


def _three_channels(image: GrayImage) -> NDArray[np.uint8]:
    return np.repeat(image[:, :, None], 3, axis=2)


def _around(quad: NDArray[np.float32]) -> Box:
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    return Box(x0=float(x0), y0=float(y0), x1=float(x1), y1=float(y1))
