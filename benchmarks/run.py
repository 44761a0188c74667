"""A run: what is named is measured part by part, and every part is kept as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from benchmarks import cold, dask, many, scaling, speed, stages
from benchmarks.model import Figure, Report, this_machine
from benchmarks.notices import samples
from benchmarks.options import Options, told
from noticeparse._version import __version__

#: What ``budgets`` stands for.
BUDGETED = (*speed.SECTIONS, "cold", "scaling", "many")
SECTIONS = (*BUDGETED, "dask", "stages")
NAMES = ("budgets", *SECTIONS)

Part = tuple[str, Callable[[], Iterable[Figure]]]


def parts(names: Sequence[str], options: Options, absent: list[str]) -> Iterator[Part]:
    """What is named, in a fixed order; a line for what is not there is added to ``absent``.

    Raises:
        ValueError: There is no such notice.
    """
    wanted = {part for name in names for part in (BUDGETED if name == "budgets" else (name,))}
    warm = [name for name in speed.SECTIONS if name in wanted]
    if warm or "stages" in wanted:
        notices, missing = samples(options.only)
        absent.extend(missing)
    if warm:
        yield " ".join(warm), lambda: speed.run(notices, warm, options, told)
    if "cold" in wanted:
        yield "cold", lambda: cold.figures(options, told)
    if "scaling" in wanted:
        yield "scaling", lambda: scaling.figures(options, told)
    if "many" in wanted:
        yield "many", lambda: many.figures(options, told)
    if "dask" in wanted:
        yield "dask", lambda: dask.figures(options, told)
    if "stages" in wanted:
        yield "stages", lambda: stages.figures(notices, options, told)


def measure(names: Sequence[str], options: Options, kept: Report | None, save: Callable[[Report], None]) -> Report:
    """Measure what is named.

    Args:
        names: Sections.
        options: How much to measure.
        kept: Figures of an earlier run; those that are measured anew are replaced.
        save: Is given the run after each figure, so that nothing that is done is lost.

    Returns:
        The run. A part that could not be measured, or was interrupted, is in its ``failures``.

    Raises:
        ValueError: There is no such notice, or the figures that are kept are those of another kind of machine.
    """
    if kept is not None and kept.machine != this_machine():
        raise ValueError("the figures that are kept are those of another kind of machine")
    figures = {figure.name: figure for figure in kept.figures} if kept else {}
    absent = list(kept.absent) if kept else []
    failures: list[str] = []

    def report() -> Report:
        return Report(
            noticeparse=__version__,
            machine=this_machine(),
            quick=options.quick or (kept is not None and kept.quick),
            figures=tuple(sorted(figures.values(), key=_order)),
            absent=tuple(dict.fromkeys(absent)),
            failures=tuple(failures),
        )

    for title, part in parts(names, options, absent):
        try:
            for figure in part():
                figures[figure.name] = figure
                save(report())
        except RuntimeError as error:
            failures.append(f"{title}: {error}")
        except KeyboardInterrupt:
            failures.append(f"{title}: interrupted")
            break
    told("")
    return report()


def _order(figure: Figure) -> int:
    section = figure.name.split("/")[0]
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)
