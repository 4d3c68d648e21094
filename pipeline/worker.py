"""Who works on a document: the name a worker's leases bear, and whether the worker of a name is still there."""

import os
import socket
import uuid


def worker_name() -> str:
    """A name for this piece of work: HOST:PID:RANDOM."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_gone(name: str) -> bool:
    """Whether the worker surely is no more: it was a process of this machine, and there is no such process."""
    host, _, rest = name.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's process
        return False
    return False
