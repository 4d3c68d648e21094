"""The process of a Prefect server: serves at a port of this machine until its parent is gone, however that ended.

python -m flows.api_process PORT < PIPE
"""

import os
import signal
import sys
from threading import Thread

import uvicorn


def main() -> None:
    """Serve until SIGTERM, or until standard input ends: then nobody is left who could send one."""
    Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="error",
        lifespan="on",
    )


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
