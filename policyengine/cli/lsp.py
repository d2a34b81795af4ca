"""`policyengine lsp`: the language server for editors."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.errors.exit_codes import FINDINGS


class LibraryMissingError(click.ClickException):
    """The server cannot run here; says what to install."""

    exit_code = FINDINGS


@click.command(
    "lsp",
    cls=Documented,
    short_help="A language server, for editors to start.",
    examples=("policyengine lsp --check",),
    notes="It needs the extra 'lsp': pip install 'layered-policyengine[lsp]'. How editors start it: docs/editors.md.",
)
@click.option("--check", is_flag=True, help="Only say whether the server can run here.")
def lsp(*, check: bool) -> None:
    """Answer an editor over the standard input and output, by the Language Server Protocol.

    It tells mistakes in rule, pack, source and scenario files as one types, explains the word under the
    cursor, proposes names, words and claims, and leads to where they are defined.
    """
    import signal
    import sys

    try:
        from policyengine.editor.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise LibraryMissingError(
            "the language server needs the library pygls, which is not installed; "
            "install it with: pip install 'layered-policyengine[lsp]'"
        ) from error
    if check:
        click.echo("The language server can run: an editor starts it with 'policyengine lsp'.")
        return
    if sys.stdin.isatty():
        click.echo("Waiting for an editor to speak; how editors start this stands in docs/editors.md.", err=True)
    # There is nothing half done to put away, and a thread that waits for the editor would keep the process.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    # Nothing but the protocol may reach the editor: whatever prints goes where editors show logs.
    sys.stdout = sys.stderr
    serve(stdin, stdout)
