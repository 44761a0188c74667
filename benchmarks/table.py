"""A run as lines to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.model import Figure, Report, Worst, spread


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _range(ratios: Sequence[float]) -> str:
    if not ratios:
        return "-"
    three = spread(ratios)
    return f"{three.median:.2f} ({three.min:.2f}-{three.max:.2f})"


def _single(worst: Worst | None, named: bool = True) -> str:
    if worst is None:
        return "-"
    return f"{_range(worst.ratios)} {worst.notice}, {worst.chars} chars"


def lines(report: Report) -> Iterator[str]:
    """The run as a table for a terminal."""
    machine = report.machine
    yield f"noticeparse {report.noticeparse}, {machine.implementation} {machine.python}, {machine.cores} cores{', short run' if report.quick else ''}"
    width = max((len(figure.name) for figure in report.figures), default=4)
    yield f"{'figure':{width}} {'median (min-max)':>20} {'again':>20} {'must':>6} {'goal':>5}  verdict"
    for figure in report.figures:
        yield from _figure(figure, width)
    for line in report.absent:
        yield f"not measured: {line}"


def _figure(figure: Figure, width: int) -> Iterator[str]:
    sign = "≥" if figure.at_least else "≤"
    must = "-" if figure.must is None else f"{sign} {_number(figure.must)}"
    verdict = "" if figure.verdict == "no budget" else figure.verdict
    yield (
        f"{figure.name:{width}} {_range(figure.ratios):>20} {_range(figure.again):>20} {must:>6}"
        f" {_number(figure.goal):>5}  {verdict}"
    ).rstrip()
    if figure.must is not None:
        for title, worst in (("worst", figure.worst), ("worst small", figure.worst_small)):
            if worst is not None:
                yield f"{'':{width}}   {title}: {_single(worst)}"
