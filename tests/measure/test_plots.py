"""Pictures stand inside the page, say what they show, and follow its colours."""

import re
from itertools import pairwise

import pytest
from lxml import etree
from markupsafe import Markup

from pipeline.measure import plots
from pipeline.measure.calibration import calibrate
from pipeline.measure.coverage import risk_coverage
from pipeline.measure.scores import share_of

SVG = {"svg": "http://www.w3.org/2000/svg"}


def pictures() -> dict[str, Markup]:
    calibration = calibrate([(0.9, True), (0.9, True), (0.6, False), (0.2, False)], missed=1)
    curve = risk_coverage([(0.1, False), (0.2, True), (0.9, False)], [(0.1, False)])
    assert calibration is not None
    assert curve is not None
    return {
        "critical": plots.reliability(calibration, "critical fields"),
        "all": plots.reliability(calibration, "all <fields>"),
        "curve": plots.risk_coverage(curve),
        "kinds": plots.shares({"scan & copy": share_of(3, 4), "fax": share_of(0, 0)}, "Straight through by kind"),
    }


@pytest.fixture(scope="module")
def drawn() -> dict[str, Markup]:
    return pictures()


def words(svg: str) -> list[str]:
    return [str(text) for text in etree.fromstring(svg).xpath("//svg:text/text()", namespaces=SVG)]


def test_every_picture_has_a_title_and_a_description_first(drawn: dict[str, Markup]) -> None:
    """For those who do not see it; names from documents are text, not markup."""
    for svg in drawn.values():
        title, description = etree.fromstring(svg)[:2]
        assert (etree.QName(title).localname, etree.QName(description).localname) == ("title", "desc")
        assert title.text
        assert description.text
    assert "all &lt;fields&gt;" in drawn["all"]
    assert "scan &amp; copy (3 of 4)" in drawn["kinds"]


def test_the_description_tells_the_numbers(drawn: dict[str, Markup]) -> None:
    """What the eye sees, in words."""
    assert (
        "4 values. By bin: 20% said and 0% right, 60% said and 0% right, 90% said and 100% right." in drawn["critical"]
    )
    assert "33.3% of 3 documents went straight through, 0 of them wrong" in drawn["curve"]
    assert "1 of 3 would be wrong" in drawn["curve"]


def test_text_stays_text(drawn: dict[str, Markup]) -> None:
    """It can be searched and read aloud."""
    assert {"confidence", "values", "right"} <= set(words(drawn["critical"]))
    assert "wrong among them" in words(drawn["curve"])


def test_pictures_in_one_page_share_no_id_and_lose_no_reference(drawn: dict[str, Markup]) -> None:
    """Else one picture would be cut by another's frame."""
    names = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in drawn.values()]
    assert len(set.union(*names)) == sum(map(len, names))
    for svg, own in zip(drawn.values(), names, strict=True):
        assert set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg)) <= {(n, "") for n in own} | {
            ("", n) for n in own
        }


def test_colours_are_those_of_the_page(drawn: dict[str, Markup]) -> None:
    """So that the picture follows dark mode; nothing is fetched from elsewhere."""
    for svg in drawn.values():
        assert "var(--ink)" in svg
        assert not re.findall("|".join([plots.INK, plots.SOFT, plots.LINE, plots.PLAIN, plots.GOOD]), svg)
        assert not re.findall(r'(?:href|src)="(?!#)', svg)


def test_the_same_figures_give_the_same_picture(drawn: dict[str, Markup]) -> None:
    """Pages can be compared."""
    assert pictures() == drawn


def test_a_higher_share_stands_further_right(drawn: dict[str, Markup]) -> None:
    """Three quarters, then nothing known: one dot each, at their places on the scale."""
    dots = etree.fromstring(drawn["kinds"]).xpath(
        "//svg:use[not(ancestor::svg:g[contains(@id,'tick')])]", namespaces=SVG
    )
    across = [float(dot.get("x")) for dot in dots if "var(--plain)" in dot.get("style", "")]
    assert len(across) == 2
    assert all(left > right for left, right in pairwise(across))
