"""The command line: a thin layer over the library, one module for each command or group of commands."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from noticeparse._version import __version__
from noticeparse.cli.diff import diff
from noticeparse.cli.export import export
from noticeparse.cli.fetch import fetch
from noticeparse.cli.items import items
from noticeparse.cli.lexicon import lexicon
from noticeparse.cli.parse import parse
from noticeparse.cli.render import render
from noticeparse.cli.schema import schema
from noticeparse.cli.sources import sources
from noticeparse.cli.store import store
from noticeparse.cli.text import text
from noticeparse.cli.tools import EXIT_BROKEN_PIPE, EXIT_INTERRUPTED, EXIT_TERMINATED, drop_output, report, report_bug
from noticeparse.cli.watch import watch
from noticeparse.errors import NoticeparseError


class Program(click.Group):
    """The group of all commands, and the one place where what stops a command becomes a line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the user chose.

        Args:
            ctx: Of the group.
        """
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()  # here, where a full disk or a closed pipe can still be told
        except NoticeparseError as error:
            report(str(error))
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            drop_output()
            ctx.exit(EXIT_BROKEN_PIPE)
        except OSError as error:
            drop_output()
            report(f"standard output: {error.strerror or error}")
            ctx.exit(1)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - a bug: told in one line like any failure, with a way to see more
            report_bug(error)
            ctx.exit(1)
        return result


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: noticeparse parse notice.html --format json",
)
@click.version_option(__version__, prog_name="noticeparse", message="%(prog)s %(version)s")
def program() -> None:
    """Turn Chinese apps' third-party sharing notices into structured, comparable records."""


for _command in (parse, text, items, diff, render, export, fetch, watch, sources, store, schema, lexicon):
    program.add_command(_command)


def _terminate(signum: int, frame: object) -> NoReturn:
    """Leave by an exception, so that an output file that is being written goes."""
    sys.exit(EXIT_TERMINATED)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit status.

    Args:
        arguments: The command line without the program's name; ``None`` for that of the process.
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        program.main(args=arguments, prog_name="noticeparse")
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(0)
