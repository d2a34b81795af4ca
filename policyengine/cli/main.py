"""The command `policyengine`: which commands there are, and how each can end."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import click

from policyengine.cli.root import Root, print_version

COMMANDS = {
    "evaluate": "policyengine.cli.evaluate",
    "batch": "policyengine.cli.batch",
    "compare": "policyengine.cli.compare",
    "explain": "policyengine.cli.explain",
    "claims": "policyengine.cli.claims",
    "rules": "policyengine.cli.rules",
    "scenarios": "policyengine.cli.scenarios",
    "sweep": "policyengine.cli.sweep",
    "init": "policyengine.cli.init",
    "hindcast": "policyengine.cli.hindcast",
    "selftest": "policyengine.cli.selftest",
    "lsp": "policyengine.cli.lsp",
    "schema": "policyengine.cli.schema",
    "result-schema": "policyengine.cli.result_schema",
}
"""Each command with the module that holds it, under its own name with underscores."""


NOTES = """Every command ends with 0 if all is well, 1 if something is wrong with the input or was found, 2 if it was
called wrongly, and 3 for a fault of policyengine. To complete names with the tab key in bash, run:
eval "$(_POLICYENGINE_COMPLETE=bash_source policyengine)"; for zsh and fish put their name in the place of bash."""


@click.command(
    cls=Root,
    commands_in=COMMANDS,
    notes=NOTES,
    examples=("policyengine evaluate {scenario}", "policyengine scenarios list"),
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version,
              help="Show the version and which engines can run here.")  # fmt: skip
@click.option("--debug", is_flag=True, expose_value=False,
              help="Show the traceback of a fault of policyengine; so does POLICYENGINE_DEBUG=1.")  # fmt: skip
def cli() -> None:
    """Say for a threat who should lead, who should support, at which layer, and why.

    A scenario describes threats, jurisdictions and the ties between them; packs hold the rules.
    Every number of the answer leads back to rules and to the claims that they carry.
    """


def main() -> None:
    """Run the command line and end the process."""
    # Nearly all that a short run makes lives to its end: looking for garbage among it is a tenth of the time.
    gc.set_threshold(500_000, 50, 50)
    # No model here wants a plugin, and looking for them reads the records of every installed distribution.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    cli.watch_for_interrupts()
    try:
        cli.main(prog_name="policyengine")
    except SystemExit as stop:
        _leave(stop)


def _leave(stop: SystemExit) -> None:
    """End the process at once: taking everything apart first would take another tenth of the time."""
    if not isinstance(stop.code, int):
        raise stop
    if "multiprocessing.forkserver" in sys.modules:
        atexit._run_exitfuncs()  # noqa: SLF001 - its server listens in a folder, which is to be taken away
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # a stream that the caller closed is None
            stream.flush()
    except OSError:
        raise stop from None
    os._exit(stop.code)
