"""Screen scripts on the command line."""

import json


def test_a_right_script_is_told_to_be_right(run):
    """With the parts of the way."""
    done = run("script", "check", "portal")
    assert done.exit_code == 0
    assert "portal: right. Practice portal: supplier, header, lines" in done.output


def test_a_wrong_script_is_told_with_its_faults_and_the_others_are_checked_too(run, tmp_path):
    """Exit code 1; no traceback."""
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nclick: '#a'\n", "utf-8")
    done = run("script", "check", path, "portal")
    assert done.exit_code == 1
    assert "line 2, click: 'click' is not known here" in done.output
    assert "'session' is missing" in done.output
    assert "portal: right" in done.output


def test_the_schema_is_written_where_it_is_wanted(run, tmp_path):
    """On the terminal, or into a file."""
    shown = run("script", "schema").output
    assert json.loads(shown)["title"] == "Script"
    assert run("script", "schema", tmp_path / "script.json").exit_code == 0
    assert (tmp_path / "script.json").read_text("utf-8") == shown
