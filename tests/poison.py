"""Files that no parser survives, for processes that tests start.

No such file is known. So processes whose environment names the folder that :func:`poison_folder` makes have a
``sitecustomize`` by which a word in a notice does the harm, in those processes alone that parse beside a worker.
"""

from __future__ import annotations

from pathlib import Path

KILL, EXIT, HANG, SPIN, EAT, SLOW = (f"POISON-{word}" for word in ("KILL", "EXIT", "HANG", "SPIN", "EAT", "SLOW"))
_CODE = """
import sys

if "noticeparse.many.worker" in " ".join(sys.orig_argv):
    import os, re, signal, time
    from noticeparse import parsing

    parse = parsing.parse_document

    def poisoned(document, lexicon):
        text = document.text
        place = re.search("POISON-WHILE (\\\\S+)", text)  # for as long as a file is there
        if "POISON-KILL" in text or (place and os.path.exists(place[1])):
            os.kill(os.getpid(), signal.SIGKILL)
        if "POISON-EXIT" in text:
            os._exit(7)
        if "POISON-HANG" in text:
            time.sleep(3600)
        if "POISON-SPIN" in text:  # one call of native code, which nothing in Python interrupts
            re.match("(a|b|ab)*c", "ab" * 60)
        if "POISON-EAT" in text:
            held = []
            while True:
                held.append(bytearray(1 << 24))
        if "POISON-SLOW" in text:
            time.sleep(0.1)
        return parse(document, lexicon)

    parsing.parse_document = poisoned
"""


def poison_folder(folder: Path) -> Path:
    """Make a folder that is to be named by ``PYTHONPATH``.

    Args:
        folder: Where.
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_CODE, encoding="utf-8")
    return folder


def poison_while(path: Path) -> str:
    """A word that ends the process for as long as a file is there.

    Args:
        path: The file.
    """
    return f"POISON-WHILE {path}"
