"""What a worker process does: one task after another, until its supervisor has none or is gone.

Messages are frames: one byte that says what it is, the length of what follows as four bytes, and that. The supervisor
sends a pickled :data:`Setup` and then tasks; the worker answers ``READY`` or ``REFUSED``, then ``BEGUN`` and ``DONE`` for
each task. ``BEGUN`` is what makes blame exact: tasks wait in the worker's socket, and a process that dies between two of
them has cost none.
"""

from __future__ import annotations

import gc
import os
import pickle  # nosec B403 # see below
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress

from noticeparse.limits import COLLECT_EVERY

#: Called once in each worker; gives the function that answers a task. Has to be picklable, and so does what it holds.
#: It is also how tests put a worker in a worker's place that hangs or ends.
Setup = Callable[[], Callable[[bytes], bytes]]

SETUP, TASK = b"S", b"T"
READY, REFUSED, BEGUN, DONE = b"R", b"F", b"B", b"D"
HEAD = struct.Struct("!cI")
_OOM_SCORE = "500"


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """A message.

    Args:
        kind: One of the bytes above.
        content: What it carries; less than 4 GiB.
    """
    return HEAD.pack(kind, len(content)) + content


def serve(channel: int, lifeline: int) -> None:
    """Answer tasks until the supervisor closes the channel.

    Args:
        channel: Descriptor of the socket that messages come and go through.
        lifeline: Descriptor of a pipe that nothing is written to and that ends with the supervisor.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's, who ends its workers
    _end_with(lifeline)
    _be_killed_first()
    connection = socket.socket(fileno=channel)
    with suppress(BrokenPipeError, ConnectionResetError):  # the supervisor is gone, and nobody waits for an answer
        setup = _receive(connection)
        if setup is None:
            return
        try:
            answer = pickle.loads(setup)()  # nosec B301 # from the supervisor, through a socket that no one else has
        except Exception as error:  # noqa: BLE001 - told to the supervisor, which raises it
            connection.sendall(frame(REFUSED, str(error).encode("utf-8", "replace")))
            return
        # What is loaded stays, and records hold no circles: looking for some again and again is 4 % of the work.
        gc.freeze()
        gc.set_threshold(COLLECT_EVERY)
        told = frame(READY)
        while True:
            if not select.select([connection], [], [], 0)[0]:
                connection.sendall(told)
                told = b""
            task = _receive(connection)
            if task is None:
                return
            # Where the next task is there already, both messages wake the supervisor once.
            connection.sendall(told + frame(BEGUN))
            told = frame(DONE, answer(task))


def _receive(connection: socket.socket) -> bytes | None:
    """The content of the next message; ``None`` if there is none."""
    head = _read(connection, HEAD.size)
    return _read(connection, HEAD.unpack(head)[1]) if head else None


def _read(connection: socket.socket, length: int) -> bytes | None:
    read = bytearray()
    while len(read) < length:
        received = connection.recv(length - len(read))
        if not received:
            return None
        read += received
    return bytes(read)


def _end_with(lifeline: int) -> None:
    """Have the kernel end this process when the supervisor's end of the pipe closes, whatever it is doing then.

    A worker that waits for a task sees the end of its channel; one that is stuck in a file never would, and a thread
    that waits for it would not run while native code holds the interpreter.
    """
    if sys.platform != "linux":
        return  # no F_SETSIG there: the process ends when it is through with its file
    import fcntl

    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:  # it closed before that
        os._exit(0)


def _be_killed_first() -> None:
    """Where memory runs out, a worker shall go, which costs one file, and not the supervisor, which costs the run."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write(_OOM_SCORE)
