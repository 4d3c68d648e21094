"""The practice portal from the command line: a process of its own that may be killed."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

BACKOFFICE = str(Path(sys.executable).parent / "backoffice")


def test_a_portal_that_is_killed_is_there_again_with_its_books(tmp_path):
    """SIGKILL loses nothing that was committed, not even the session."""
    for attempt in range(2):
        command = [BACKOFFICE, "portal", "--port", "0", "--home", str(tmp_path), "--switch", "seed=3"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                url = process.stdout.readline().strip()
                with httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client:
                    if attempt == 0:
                        client.post("/connexion", data={"identifiant": "robot", "mot_de_passe": "practice"})
                        client.post("/fournisseurs/nouveau", data={"nom": "Martin", "compte": "401MARTIN"})
                        cookies = dict(client.cookies)
                    else:
                        client.cookies.update(cookies)
                        assert "401MARTIN" in client.get("/fournisseurs").text
            finally:
                process.kill()


@pytest.mark.parametrize("switch", ["nonsense=1", "drops=2", "drops"])
def test_a_switch_that_is_none_is_wrong_usage(switch, tmp_path):
    """With the reason, before anything listens."""
    command = [BACKOFFICE, "portal", "--port", "0", "--home", str(tmp_path), "--switch", switch]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert switch.partition("=")[0] in done.stderr
