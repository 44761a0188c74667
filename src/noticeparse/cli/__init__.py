"""The command line: a thin layer over the library, one module for each command or group of commands."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from noticeparse._version import __version__
from noticeparse.cli.tools import EXIT_BROKEN_PIPE, EXIT_INTERRUPTED, EXIT_TERMINATED, drop_output, report_bug
from noticeparse.cli.tools import report as report_line  # ``report`` becomes the module of that command
from noticeparse.errors import NoticeparseError
from noticeparse.limits import COLLECT_EVERY

#: Command → the module of its own, which holds a command of the same name. A module is imported when its command is
#: asked for, so that ``parse`` does not wait for what the others need.
COMMANDS = {
    "audit": "noticeparse.cli.audit",
    "compare": "noticeparse.cli.compare",
    "diff": "noticeparse.cli.diff",
    "export": "noticeparse.cli.export",
    "fetch": "noticeparse.cli.fetch",
    "items": "noticeparse.cli.items",
    "lexicon": "noticeparse.cli.lexicon",
    "parse": "noticeparse.cli.parse",
    "render": "noticeparse.cli.render",
    "report": "noticeparse.cli.report",
    "scale": "noticeparse.cli.scale",
    "schema": "noticeparse.cli.schema",
    "sources": "noticeparse.cli.sources",
    "store": "noticeparse.cli.store",
    "tables": "noticeparse.cli.tables",
    "text": "noticeparse.cli.text",
    "watch": "noticeparse.cli.watch",
}


class Program(click.Group):
    """The group of all commands, and the one place where what stops a command becomes a line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands.

        Args:
            ctx: Of the group.
        """
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name, ``None`` for an unknown one.

        Args:
            ctx: Of the group.
            cmd_name: As the user wrote it.
        """
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command

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
            report_line(str(error))
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            drop_output()
            ctx.exit(EXIT_BROKEN_PIPE)
        except OSError as error:
            drop_output()
            report_line(f"standard output: {error.strerror or error}")
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


def _terminate(signum: int, frame: object) -> NoReturn:
    """Leave by an exception, so that an output file that is being written goes."""
    sys.exit(EXIT_TERMINATED)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit status.

    Args:
        arguments: The command line without the program's name; ``None`` for that of the process.
    """
    signal.signal(signal.SIGTERM, _terminate)
    # Most of what a command makes lives until its end: vocabulary, modules. Looking for circles in it again and again, and
    # once more at the exit, is a tenth of the time that one notice takes.
    gc.set_threshold(COLLECT_EVERY)
    atexit.register(gc.freeze)
    try:
        program.main(args=arguments, prog_name="noticeparse")
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(0)
