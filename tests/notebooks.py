"""The notebooks, run as a reader would run them: from their own folder, in a kernel of this environment.

python -m tests.notebooks            run them and tell whether a cell fails
python -m tests.notebooks --write    run them and store what their cells give
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tests.conftest import ROOT, program_environment

FOLDER = ROOT / "notebooks"
NOTEBOOKS = tuple(sorted(FOLDER.glob("*.ipynb")))


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def execute(path: Path) -> NotebookNode:
    """The notebook with the outputs of a new run; nothing of the user's own settings of IPython or matplotlib counts.

    Raises:
        CellExecutionError: A cell failed.
    """
    notebook = read(path)
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", record_timing=False, resources={"metadata": {"path": str(FOLDER)}}
    )
    with tempfile.TemporaryDirectory() as folder:
        own = {"IPYTHONDIR": folder, "MATPLOTLIBRC": os.devnull}
        client.execute(env=program_environment(**own))
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if "data" in output and "text/plain" in output.data:
                # an address in memory is another one in every run
                output.data["text/plain"] = re.sub(r" at 0x[0-9a-f]+", "", output.data["text/plain"])
    notebook.metadata = NotebookNode(
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        language_info={"name": "python"},
    )
    return notebook


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.notebooks")
    parser.add_argument("--write", action="store_true", help="store the outputs")
    write = parser.parse_args(arguments).write
    failed = 0
    for path in NOTEBOOKS:
        try:
            notebook = execute(path)
        except CellExecutionError as error:
            sys.stderr.write(f"{path.name}: {error}\n")
            failed += 1
            continue
        if write:
            nbformat.write(notebook, path)
        sys.stdout.write(f"{path.name}: ok\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
