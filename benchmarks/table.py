"""A run as a table: for a terminal, and for the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.model import Figure, Report, Worst, spread

BEGIN = "<!-- figures: written by python -m benchmarks --write-docs -->"
END = "<!-- end of figures -->"


def _range(ratios: Sequence[float]) -> str:
    if not ratios:
        return "-"
    three = spread(ratios)
    return f"{three.median:.2f} ({three.min:.2f}-{three.max:.2f})"


def _limit(value: float | None, at_least: bool) -> str:
    return "-" if value is None else f"{'≥' if at_least else '≤'} {value:g}"


def head(report: Report) -> str:
    """What was measured on what, in a line."""
    machine = report.machine
    length = ", short run" if report.quick else ""
    return f"noticeparse {report.noticeparse}, {machine.implementation} {machine.python}, {machine.cores} cores{length}"


def lines(report: Report) -> Iterator[str]:
    """The run for a terminal."""
    yield head(report)
    width = max((len(figure.name) for figure in report.figures), default=6)
    yield f"{'figure':{width}} {'median (min-max)':>22} {'again':>22} {'must':>6} {'goal':>5}  verdict"
    for figure in report.figures:
        yield from _figure(figure, width)
    for line in (*report.absent, *report.failures):
        yield f"not measured: {line}"
    if report.missed:
        yield f"missed: {', '.join(figure.name for figure in report.missed)}"


def _verdict(figure: Figure) -> str:
    """What is said of a budget: of the figure that counts, and of the same again where that stands otherwise."""
    if figure.must is None:
        return ""
    again = figure.verdict_again
    return figure.verdict if again in (figure.verdict, "no budget") else f"{figure.verdict}; again {again}"


def _figure(figure: Figure, width: int) -> Iterator[str]:
    verdict = _verdict(figure)
    told = "  ".join(filter(None, (verdict, figure.note)))
    yield (
        f"{figure.name:{width}} {_range(figure.ratios):>22} {_range(figure.again):>22}"
        f" {_limit(figure.must, figure.at_least):>6} {'-' if figure.goal is None else f'{figure.goal:g}':>5}  {told}"
    ).rstrip()
    if figure.must is not None:
        for title, worst in (("worst", figure.worst), ("worst small", figure.worst_small)):
            if worst is not None:
                yield f"{'':{width}}   {title}: {_range(worst.ratios)} {worst.notice}, {worst.chars} characters"


def markdown(report: Report) -> str:
    """The run for the documentation. Notices beside the checkout are not named."""
    rows = [
        "| figure | median (min-max) | again | must | goal | verdict | remarks |",
        "|---|---|---|---|---|---|---|",
    ]
    for figure in report.figures:
        cells = (
            f"`{figure.name}`",
            _range(figure.ratios),
            _range(figure.again),
            _limit(figure.must, figure.at_least),
            _limit(figure.goal, figure.at_least),
            _verdict(figure),
            "; ".join(filter(None, (_single(figure.worst or figure.worst_small), figure.note))),
        )
        rows.append("| " + " | ".join(cells) + " |")
    absent = "".join(f"Not measured: {line}.\n" for line in (*report.absent, *report.failures))
    return f"{head(report)}.\n\n" + "\n".join(rows) + "\n" + (f"\n{absent}" if absent else "")


def _single(worst: Worst | None) -> str:
    return "" if worst is None else f"worst {spread(worst.ratios).median:.2f}, {worst.chars} characters"


def rows(text: str) -> list[str]:
    """The names of the figures that a documentation page has.

    Raises:
        ValueError: It has no marks.
    """
    return re.findall(r"^\| `([^`]+)` \|", _between(text)[1], re.M)


def _between(text: str) -> tuple[str, str, str]:
    before, begin, rest = text.partition(BEGIN)
    inside, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks the marks {BEGIN} and {END}")
    return before, inside, after


def write_docs(report: Report, path: Path) -> None:
    """Put a run's table between the marks of a page.

    Raises:
        ValueError: The page has no marks.
    """
    before, _, after = _between(path.read_text("utf-8"))
    path.write_text(f"{before}{BEGIN}\n\n{markdown(report)}\n{END}{after}", "utf-8")
