"""Which characters of a PDF page are painted at all: what pdfminer passes over when it lays text out."""

import time
from dataclasses import dataclass
from typing import Any

from pdfminer.layout import LTChar, LTContainer, LTImage, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFObjRef, dict_value, list_value, resolve1, stream_value
from pdfminer.psparser import literal_name
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from pipeline.errors import TooLarge

MAX_OBJECTS = 50_000
"""Characters, lines and images of one page, about 20 s of work; a dense invoice page has about 5,000."""
COVERING_SHARE = 0.2
"""An opaque image of at least this share of the page hides the text that was painted before it."""
FAINT = 0.06
"""Text that is less opaque than this leaves no ink that a person sees."""
_UNPAINTED_MODES = frozenset({3, 7})
"""Text rendering modes that leave no ink (ISO 32000-1, table 106)."""


@dataclass(frozen=True)
class Paint:
    """How the graphics state fills: its opacity (0 to 1), and whether it lets the ground shine through."""

    alpha: float = 1.0
    is_plain: bool = True


class Layers:
    """The optional content of a document and which of it is off when it is opened (ISO 32000-1, 8.11)."""

    def __init__(self, catalog: dict[str, Any]) -> None:
        properties = _dictionary(catalog.get("OCProperties"))
        default = _dictionary(properties.get("D"))
        off = _ids(default.get("OFF"))
        if literal_name(resolve1(default.get("BaseState"))) == "OFF":
            off = _ids(properties.get("OCGs")) - _ids(default.get("ON"))
        self._off = off

    def hide(self, content: object) -> bool:
        """Whether what belongs to an optional content group, or to a membership of several, is not shown."""
        if isinstance(content, PDFObjRef) and content.objid in self._off:
            return True
        membership = _dictionary(content)
        groups = _ids(membership.get("OCGs"))
        if not groups:
            return False
        match literal_name(resolve1(membership.get("P"))):
            case "AllOn":
                return bool(groups & self._off)
            case "AnyOff":
                return not groups & self._off
            case "AllOff":
                return not groups <= self._off
        return groups <= self._off


class InkInterpreter(PDFPageInterpreter):
    """Tells its device with what opacity, and in which layers, the page paints."""

    device: "InkDevice"

    def do_q(self) -> None:
        """Keeps the paint with the graphics state."""
        super().do_q()
        self.device.paints.append(self.device.paints[-1])

    def do_Q(self) -> None:  # noqa: N802
        """Takes the paint back with the graphics state."""
        super().do_Q()
        if len(self.device.paints) > 1:
            self.device.paints.pop()

    def do_gs(self, name: Any) -> None:
        """Reads opacity and blend mode, which pdfminer does not."""
        state = _dictionary(_dictionary(self.resources.get("ExtGState")).get(literal_name(name)))
        before = self.device.paints[-1]
        alpha, mode, mask = (resolve1(state.get(key)) for key in ("ca", "BM", "SMask"))
        opacity = float(alpha) if isinstance(alpha, (int, float)) else before.alpha
        is_plain = before.is_plain if mode is None and mask is None else _is_plain(mode, mask)
        self.device.paints[-1] = Paint(opacity, is_plain)

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        """Paints a form or an image; whatever it changes ends with it."""
        paints, layers = list(self.device.paints), list(self.device.hidden_layers)
        content = stream_value(self.xobjmap.get(literal_name(xobjid_arg))).attrs.get("OC")
        self.device.hidden_layers.append(self.device.layers.hide(content))
        super().do_Do(xobjid_arg)
        self.device.paints[:], self.device.hidden_layers[:] = paints, layers

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802
        """Enters marked content, which may be optional."""
        super().do_BDC(tag, props)
        named = _dictionary(self.resources.get("Properties")).get(literal_name(props))
        self.device.hidden_layers.append(literal_name(tag) == "OC" and self.device.layers.hide(named))

    def do_BMC(self, tag: Any) -> None:  # noqa: N802
        """Enters marked content that is not optional."""
        super().do_BMC(tag)
        self.device.hidden_layers.append(False)

    def do_EMC(self) -> None:  # noqa: N802
        """Leaves marked content."""
        super().do_EMC()
        if self.device.hidden_layers:
            self.device.hidden_layers.pop()


class InkDevice(PDFPageAggregatorWithMarkedContent):
    """Notes in `hidden` the characters that leave no ink, or that an opaque image was laid over.

    Raises TooLarge when a page has too many objects or takes longer than until `deadline` (`time.monotonic`).
    """

    def __init__(self, resources: Any, number: int, deadline: float, layers: Layers) -> None:
        super().__init__(resources, pageno=number)
        self.deadline = deadline
        self.layers = layers
        self.objects = 0
        self.hidden: set[int] = set()
        self.paints = [Paint()]
        self.hidden_layers: list[bool] = []
        self._chars: list[LTChar] = []
        self._mode = 0

    def render_string(self, textstate: Any, *args: Any) -> None:
        """Remembers the rendering mode, which pdfminer does not hand on."""
        self._mode = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        """Notes characters that are not painted."""
        self._spend()
        advance: float = super().render_char(*args, **kwargs)
        char = self.cur_item._objs[-1]
        if isinstance(char, LTChar):
            self._chars.append(char)
        if self._mode in _UNPAINTED_MODES or self.paints[-1].alpha < FAINT or any(self.hidden_layers):
            self.hidden.add(id(char))
        return advance

    def render_image(self, name: str, stream: Any) -> None:
        """Notes characters that the image covers."""
        self._spend()
        super().render_image(name, stream)
        image = self.cur_item._objs[-1]
        if isinstance(image, LTImage) and self._is_opaque(image) and self._covers(image):
            self.hidden.update(id(char) for char in self._chars if _is_under(char, image))

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        """Counts."""
        self._spend()
        super().paint_path(*args, **kwargs)

    def _is_opaque(self, image: LTImage) -> bool:
        paint, attributes = self.paints[-1], image.stream.attrs
        is_masked = any(attributes.get(name) for name in ("SMask", "Mask", "ImageMask", "IM"))
        return paint.is_plain and paint.alpha >= 1 and not is_masked and not any(self.hidden_layers)

    def _covers(self, image: LTImage) -> bool:
        page = self._stack[0] if self._stack else self.cur_item
        return bool(image.width * image.height >= COVERING_SHARE * page.width * page.height)

    def _spend(self) -> None:
        self.objects += 1
        if self.objects > MAX_OBJECTS:
            raise TooLarge(f"The page has more than {MAX_OBJECTS} objects.", code="page-too-complex")
        if self.objects % 256 == 0 and time.monotonic() > self.deadline:
            raise TooLarge("The text layer takes too long to read.", code="page-too-complex")


def take_out(container: LTContainer[Any], unwanted: set[int]) -> list[LTChar]:
    """Takes objects out of a layout tree (an LTPage) and gives them."""
    taken: list[LTChar] = []
    if not unwanted:
        return taken
    taken += [item for item in container._objs if id(item) in unwanted]
    container._objs = [item for item in container._objs if id(item) not in unwanted]
    for item in container._objs:
        if isinstance(item, LTContainer):
            taken += take_out(item, unwanted)
    return taken


def lay_out(page: Any, resources: Any, number: int, deadline: float, layers: Layers) -> tuple[LTPage, list[LTChar]]:
    """The layout of a pdfminer page with what is painted, and the characters that are not. Raises TooLarge."""
    device = InkDevice(resources, number, deadline, layers)
    InkInterpreter(resources, device).process_page(page)
    layout = device.get_result()
    return layout, take_out(layout, device.hidden)


def _is_under(char: LTChar, image: LTImage) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return bool(image.x0 <= x <= image.x1 and image.y0 <= y <= image.y1)


def _is_plain(mode: object, mask: object) -> bool:
    modes = mode if isinstance(mode, list) else [mode]
    is_normal = all(each is None or literal_name(each) in {"Normal", "Compatible"} for each in modes)
    return is_normal and not isinstance(mask, dict)


def _dictionary(value: object) -> dict[str, Any]:
    found = resolve1(value)
    return dict_value(found) if isinstance(found, dict) else {}


def _ids(value: object) -> set[int]:
    """The object numbers in a list of references, or of a single one."""
    references = list_value(found) if isinstance(found := resolve1(value), list) else [value]
    return {each.objid for each in references if isinstance(each, PDFObjRef)}
