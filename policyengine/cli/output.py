"""From a report to the screen, a pipe or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from policyengine.errors.exit_codes import FINDINGS
from policyengine.report.blocks import Block
from policyengine.report.paper import Paper, paper_for, write_data, write_text
from policyengine.source import write_whole


class CannotWriteError(click.ClickException):
    """The output cannot be written; says where and why."""

    exit_code = FINDINGS


def deliver(
    form: str, data: Callable[[], Any], blocks: Callable[[], Iterable[Block]], output: Path | None = None
) -> None:
    """Write data or a report, whichever the format asks for, to a file or the standard output."""
    write_out(form, _rendered(form, data, blocks, paper_for(sys.stdout) if output is None else Paper()), output)


def write_out(form: str, text: str, output: Path | None) -> None:
    """Write what was rendered, whole, to a file or the standard output."""
    try:
        if output is not None:
            write_whole(output, text.encode())
        elif form == "text":
            write_text(sys.stdout, text)
        else:
            write_data(sys.stdout, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        where = "the output" if output is None else f"'{output}'"
        raise CannotWriteError(f"cannot write {where}: {error.strerror or error}") from error


def _rendered(form: str, data: Callable[[], Any], blocks: Callable[[], Iterable[Block]], paper: Paper) -> str:
    """Only what the format needs is imported, so that a short run starts fast."""
    if form == "text":
        from policyengine.report.text import render_text

        return render_text(blocks(), paper)
    if form == "markdown":
        from policyengine.report.markdown import render_markdown

        return render_markdown(blocks())
    if form == "html":
        from policyengine.report.html import render_html

        return render_html(blocks())
    from policyengine.report.data import render_json, render_yaml

    return render_json(data()) if form == "json" else render_yaml(data())
