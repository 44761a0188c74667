"""The notebooks run without an error, and are stored with the outputs of a run that had none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode

from noticeparse.tables.fonts import FontError, chinese_fonts
from tests.conftest import ROOT
from tests.notebooks import FOLDER, NOTEBOOKS, code_cells, execute, read

NAMES = ["01-one-notice.ipynb", "02-compare-apps.ipynb", "03-changes-over-time.ipynb", "04-extend-the-lexicon.ipynb"]
# What a run prints of where it ran: folders of this machine, of its users, of temporary files.
PLACE_REGEX = re.compile(r"/(?:tmp|home|root|Users|usr)/|[A-Z]:\\|" + re.escape(str(ROOT)))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def kinds(cell: NotebookNode) -> list[object]:
    """What a cell gives: streams, and the forms of what is shown."""
    return [sorted(one["data"]) if "data" in one else one.get("name", one.output_type) for one in cell.outputs]


def test_all_are_there() -> None:
    assert [path.name for path in NOTEBOOKS] == NAMES


@each
def test_stored_outputs_are_of_a_whole_run(path: Path) -> None:
    notebook = read(path)
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), "run all cells from the top"
    for cell in cells:
        assert cell.outputs, f"no output: {cell.source}"
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.get("text")
            assert not PLACE_REGEX.search(
                str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
            )
            assert not PLACE_REGEX.search(output.get("data", {}).get("text/html", ""))
        if re.search(r"^plot_", cell.source, re.M):
            assert any("image/png" in output.get("data", {}) for output in cell.outputs), f"no picture: {cell.source}"
    assert notebook.cells[0].source.startswith("# ")
    assert "## Answer" in notebook.cells[-1].source
    assert path.stat().st_size < 400_000


@pytest.mark.slow
@each
def test_cells_run_and_give_what_is_stored(path: Path) -> None:
    try:
        chinese_fonts()
    except FontError:
        pytest.skip("no Chinese font is installed")
    before = sorted(FOLDER.rglob("*"))
    new = execute(path)  # raises where a cell fails
    stored = {cell.id: kinds(cell) for cell in code_cells(read(path))}
    assert {cell.id: kinds(cell) for cell in code_cells(new)} == stored, "python -m tests.notebooks --write stores them"
    assert sorted(FOLDER.rglob("*")) == before, "a notebook leaves nothing behind"
