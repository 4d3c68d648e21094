"""Bring Tryton up or stop it: `python -m tests.tryton up|stop`."""

# ruff: noqa: T201
import sys

from pipeline.errors import BackofficeError
from tests.tryton import demo, server


def main(command: str) -> None:
    """Do it, and say how the server is reached."""
    if command == "stop":
        print("Tryton was stopped." if server.stop() else "Tryton was not running.")
        return
    running = server.up()
    print(f"Tryton runs at {running.url}/#{running.database}")
    print(f"Log in as admin, or as {demo.POSTER}; the password of both is {running.password}")
    print("To post into it, and to read suppliers and orders from it:")
    for name in ("url", "database", "user", "password"):
        value = {**running._asdict(), "user": demo.POSTER}[name]
        print(f"  export BACKOFFICE_TRYTON__{name.upper()}={value}")


if __name__ == "__main__":
    if sys.argv[1:] not in (["up"], ["stop"]):
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except BackofficeError as error:
        sys.exit(f"{error.message}\n{error.specific_remedy}")
