"""What Dask runs in each worker of a local cluster when it starts."""

from __future__ import annotations

import signal
import threading


def dask_setup(worker: object) -> None:
    """Pass over Ctrl-C: it goes to all processes of a terminal, and the one that runs the run ends its workers.

    Args:
        worker: Not needed.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
