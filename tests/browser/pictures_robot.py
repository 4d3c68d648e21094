"""The picture of the robot's work for the documentation: `make pictures` writes it to docs/pictures/."""

from pathlib import Path

from PIL import Image

from tests.posting.orders import make_order, write_original
from tests.posting.robot.conftest import portal, robot  # noqa: F401 (fixtures)

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "robot.png"


def test_picture_of_the_summary(robot, tmp_path):  # noqa: F811 (the fixture)
    """What the robot keeps of the last screen before it posts; the way to it is the test of the robot."""
    order = make_order(21, lines=4, rates=3)
    posted = robot().post(order, write_original(order, tmp_path))
    [kept] = [path for path in posted.evidence if path.endswith("-summary.jpg")]
    with Image.open(tmp_path / "home" / kept) as image:
        image.save(PICTURE, optimize=True)
