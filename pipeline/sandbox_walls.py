"""What a child process of the sandbox may not do: limits and a filter of the kernel that nothing takes off again.

How strong it is: memory, CPU time, file size and sockets are refused by the kernel, to the child and to all it starts,
and without any privilege. It is still the same user with the same files; a child that an exploit has taken over could
read and write what that user can, though it could send nothing. So the service runs as a user of its own.
"""

import ctypes
import logging
import os
import platform
import resource
import socket
import struct
from contextlib import suppress
from errno import EACCES
from pathlib import Path
from typing import NamedTuple, NoReturn

MOST_WRITTEN = 2**30
"""Bytes of a file that a reader writes; the picture of the largest page is a third of that."""
MOST_PROCESSES = 512
"""Processes and threads that the user may have besides those that run already. The kernel exempts root."""

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
KILL, REFUSE, ALLOW = 0x8000_0000, 0x0005_0000 | EACCES, 0x7FFF_0000
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h: words, jumps, return
NUMBER_AT, ARCHITECTURE_AT = 0, 4
X32 = 0x4000_0000
"""Numbers from here on are calls of another convention on x86_64, which would get around the list."""

log = logging.getLogger(__name__)


class _Calls(NamedTuple):
    """A machine's number for the kernel, and its numbers of the refused calls."""

    architecture: int
    refused: tuple[int, ...]


_MACHINES = {
    # socket, io_uring_setup (it can open sockets by itself), ptrace, process_vm_readv and process_vm_writev
    "x86_64": _Calls(0xC000_003E, (41, 425, 101, 310, 311)),
    "aarch64": _Calls(0xC000_00B7, (198, 425, 117, 270, 271)),
}


def put_up(memory_bytes: int) -> None:
    """Limit this process and whatever it starts."""
    # What the process may fill, not what it may address: SaxonC alone reserves 32 GiB of addresses. RLIMIT_DATA counts
    # private writable memory (Linux 4.7 and later).
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_FSIZE, MOST_WRITTEN)
    _lower(resource.RLIMIT_NPROC, _tasks_of_user() + MOST_PROCESSES)
    if not refuse_sockets():
        socket.socket = _NoSocket  # type: ignore[misc,assignment]
        log.warning("This kernel has no seccomp filter: only Python code is kept from the network in child processes.")


def refuse_sockets() -> bool:
    """Have the kernel refuse new sockets of any kind, and looks into other processes; False where it cannot.

    Seccomp with a classic BPF program (seccomp(2)): it stays for the life of the process and of its children.
    """
    calls = _MACHINES.get(platform.machine())
    if calls is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(calls)
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HL", len(program) // 8, ctypes.addressof(code)))
    new_privileges = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(new_privileges == 0 and libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _program(calls: _Calls) -> bytes:
    """Refuses the calls, kills whoever speaks another convention, lets all else pass."""
    refused = [*((AT_LEAST, X32),), *((EQUAL, number) for number in calls.refused)]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUAL, 1, 0, calls.architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        # each jump is as long as there are steps between it and the refusal at the end
        *((how, len(refused) - at, 0, number) for at, (how, number) in enumerate(refused)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


class _NoSocket(socket.socket):
    """Stands in for sockets where the kernel has no filter: it holds off code that means no harm."""

    def __init__(self, *_: object, **__: object) -> NoReturn:
        raise PermissionError(EACCES, "a reader may not use the network")


def _lower(kind: int, limit: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (allowed, allowed))


def _tasks_of_user() -> int:
    """Processes and threads of this user, which is what RLIMIT_NPROC counts."""
    count, user = 0, os.getuid()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):  # gone since it was listed
                count += len(list((process / "task").iterdir())) if process.stat().st_uid == user else 0
    return count
