"""Numbers of rows as arguments of commands."""

import pytest

from pipeline.row_ids import LARGEST


@pytest.mark.parametrize("command", [("postings", "retry"), ("review", "show")])
def test_a_number_that_no_row_can_have_is_refused(run, tmp_path, command):
    """As a wrong use of the command, before a database is asked."""
    result = run(*command, LARGEST + 1, "--home", tmp_path, "--as", "olga")
    assert result.exit_code == 2
    assert not any(tmp_path.iterdir())
