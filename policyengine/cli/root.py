"""How a command ends: good, with findings, with a usage error, or with a fault of ours."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from types import FrameType
from typing import Any, Final

import click

from policyengine.cli.lazy import LazyGroup
from policyengine.errors.exit_codes import FAULT, FINDINGS, GOOD

_OF_THE_SYSTEM: Final = {errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.EROFS, errno.EDQUOT, errno.EIO}
"""What a system says of files that are named to us; where it was not asked for, it is no fault of ours."""
_INTERRUPTED: Final = 130
_SIGNALLED: Final = 128
"""A command that a signal ends has this and the number of the signal for its status."""
_PIPE_CLOSED: Final = 141


class Root(LazyGroup):
    """The group of all commands; turns whatever goes wrong into a message and an exit code."""

    stopped = 0

    def watch_for_interrupts(self) -> None:
        """Remember who asked to stop: libraries may turn the exception into one of their own.

        To be ended by another process is to be interrupted: what is half done is put away first.
        """

        def stop(number: int, frame: FrameType | None) -> None:
            self.stopped = _SIGNALLED + number
            if number == signal.SIGTERM:
                # Who ends a group of processes may send it twice; the second one must not disturb the tidying up.
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.default_int_handler(number, frame)

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, stop)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, stop)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and end the process with its exit code."""
        given = kwargs.get("args", args[0] if args else None)
        arguments = sys.argv[1:] if given is None else given
        debug = "--debug" in arguments or os.environ.get("POLICYENGINE_DEBUG", "") not in ("", "0")
        try:
            code = super().main(*args, **(kwargs | {"standalone_mode": False}))
        except click.ClickException as error:
            code = _refuse(error)
        except (click.Abort, KeyboardInterrupt) as error:
            # An end of a file that nobody expected is to click as if the user had asked to stop.
            unexpected = error.__cause__ if isinstance(error.__cause__, EOFError) else None
            code = self.stopped or (_failed(unexpected, debug=debug) if unexpected else _INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the last resort before a traceback
            code = self.stopped or _failed(error, debug=debug)
        sys.exit(code if isinstance(code, int) else GOOD)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; nobody needs to hear that the reader of a pipe has left."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _forget_output()
            return _PIPE_CLOSED


def _refuse(error: click.ClickException) -> int:
    from policyengine.errors.printable import printable

    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n", err=True)
    lines = "\n".join(printable(line) for line in error.format_message().splitlines())
    click.echo(f"policyengine: {lines}", err=True)
    return error.exit_code


def _failed(error: Exception, *, debug: bool) -> int:
    from policyengine.errors import InputError, printable, quoted, render_problems

    if isinstance(error, InputError):
        click.echo(render_problems(error.problems), err=True)
        return FINDINGS
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        click.echo(f"policyengine: cannot write the output: {error.strerror}", err=True)
        return FINDINGS
    if isinstance(error, OSError) and error.filename and error.errno in _OF_THE_SYSTEM:
        click.echo(f"policyengine: cannot use {quoted(os.fsdecode(error.filename))}: {error.strerror}", err=True)
        return FINDINGS
    if debug:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    what = printable(" ".join(f"{type(error).__name__}: {error}".split()))
    click.echo(
        f"a fault of policyengine: {what[:300]} - please report it, with what POLICYENGINE_DEBUG=1 shows", err=True
    )
    return FAULT


def _forget_output() -> None:
    """Let Python's last flush of the output at the end of the process go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print the version of the package and the state of each engine, and end."""
    if not wanted or ctx.resilient_parsing:
        return
    from importlib import import_module

    from policyengine import DISTRIBUTION, __version__
    from policyengine.engines.interface import DEFAULT, ENGINES

    click.echo(f"policyengine {__version__} ({DISTRIBUTION})")
    for name in ENGINES:
        try:
            import_module(f"policyengine.engines.{name}")
        except ImportError as error:
            state = f"not available: {error}"
        else:
            state = "available, the default" if name == DEFAULT else "available"
        click.echo(f"engine {name}: {state}")
    ctx.exit()
