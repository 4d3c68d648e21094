"""The crop in real pixels, where the terminal draws them: kitty's protocol or sixel, by textual-image.

Importing textual-image asks the terminal what it can do, so it must come before Textual takes the terminal over.
"""

from typing import Protocol, cast

from PIL import Image
from textual.app import ComposeResult
from textual.widget import Widget

from pipeline.terminal.crop import Crop


class Picture(Protocol):
    """What a widget of textual-image is used for."""

    image: Image.Image | None


def best_crop() -> Crop:
    """The best crop for this terminal: pixels where it draws them, characters everywhere else."""
    from textual_image import renderable, widget  # noqa: PLC0415 (asks the terminal)

    draws_pixels = renderable.Image in (renderable.SixelImage, renderable.TGPImage)
    return PixelCrop(widget.Image()) if draws_pixels else Crop()


class PixelCrop(Crop):
    """The crop with a widget of textual-image in front."""

    DEFAULT_CSS = "PixelCrop > * { width: 100%; height: 100%; }"

    def __init__(self, picture: Widget) -> None:
        super().__init__()
        self._picture = picture

    def compose(self) -> ComposeResult:
        """The picture."""
        self._picture.display = False
        yield self._picture

    def on_resize(self) -> None:
        """The part of the page depends on the room there is."""
        self.redraw()

    def redraw(self) -> None:
        """Hand the pixels on."""
        part = self.part()
        self._picture.display = part is not None
        cast(Picture, self._picture).image = part
        self.refresh()
