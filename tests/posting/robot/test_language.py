"""The steps of the script language that the practice portal has no use for, in a real browser."""

from decimal import Decimal

import pytest
from pydantic import SecretStr

from pipeline.errors import TargetRefused
from pipeline.posting.robot.script import load_script
from pipeline.posting.robot.target import Access, RobotTarget
from tests.posting.orders import make_order, write_original
from tests.posting.robot.conftest import served
from tests.posting.robot.small import SCRIPT, create_small

pytestmark = pytest.mark.real


@pytest.fixture
def keyed():
    return []


@pytest.fixture
def robot(keyed, tmp_path):
    """Makes a robot for the small system, by a script with a change."""
    made = []
    with served(create_small(keyed)) as url:

        def make(old: str = "", new: str = "", patience: float = 60) -> RobotTarget:
            assert old in SCRIPT
            path = tmp_path / f"small-{len(made)}.yaml"
            path.write_text(f"patience: {patience}\nglance: 5\n{SCRIPT.replace(old, new)}", "utf-8")
            access = Access(url=url, user="", password=SecretStr(""))
            made.append(RobotTarget(load_script(path), access, tmp_path / "home", "main"))
            return made[-1]

        yield make
        for one in made:
            one.close()


def test_frames_boxes_keys_rows_and_files_are_worked_with(robot, keyed, tmp_path):
    """What was keyed arrives, the voucher is read back from the page and found in the rows of a list."""
    order, target = make_order(1, lines=3, rates=1), robot()
    assert target.find(order.key) is None
    posted = target.post(order, write_original(order, tmp_path))
    invoice = order.record.invoice()
    assert keyed == [
        {
            "seller": invoice.seller.name,
            "number": invoice.number,
            "urgent": True,
            "keep": False,
            "file": order.file_name,
            "second": order.file_name,
            "notes": 0,
            "nets": [f"{line.net:.2f}" for line in order.coding.lines],
        }
    ]
    assert posted.voucher.gross == order.coding.total
    assert target.find(order.key) == posted.voucher
    listed = {one.target_id: (one.is_posted, one.gross) for one in target.vouchers()}
    assert listed == {"0": (False, Decimal("1.00")), "N1": (True, order.coding.total)}


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('{css: "#seller", frame: iframe}', '"#seller"', "screen-changed", "fill #seller|does not appear"),
        ("{label: Number, exact: true}, with", "{label: Number}, with", "screen-changed", "2 elements"),
        ('shows: "{{ invoice.number }}"', 'shows: "another"', "field-differs", "not 'another'"),
        ("double: true, until", "until", "screen-changed", "#amounts"),
        ("accept: true, until", "until", "screen-changed", "#saved"),
        ('[{click: {css: "#notes button", nth: 0}}]', '[{click: "#checked"}]', "screen-changed", "still there"),
    ],
)
def test_a_step_that_does_not_fit_the_screen_stops_the_robot(robot, keyed, tmp_path, old, new, code, said):
    """With the step or place in the error, a picture, and nothing posted."""
    order = make_order(2, lines=1)
    with pytest.raises(TargetRefused) as caught:
        robot(old, new, patience=30).post(order, write_original(order, tmp_path))
    assert caught.value.specific_code == code
    assert any(one in caught.value.message for one in said.split("|"))
    picture = tmp_path / "home" / caught.value.message.split("picture: ")[1].rstrip(")")
    assert picture.stat().st_size
    assert keyed == []
