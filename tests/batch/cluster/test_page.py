"""The page on clusters: its command prints what stands there, and its other commands start a cluster that works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from batch.cluster.conftest import FILES, OUT, Start, ended, expected, found, listens, until
from batch.conftest import HARBOUR, ROOT
from docs_modules import docs_module

pytest.importorskip("distributed")
PAGE = (ROOT / "docs" / "clusters.md").read_text("utf-8")


def test_the_page_shows_what_its_command_prints() -> None:
    assert docs_module("walkthrough").carry_out(PAGE, ROOT / "scenarios") == PAGE


def commands(address: str) -> list[tuple[dict[str, str], list[str]]]:
    """The commands for Dask, at an address of this machine and with less of all."""
    block = re.search(r"```sh\n(dask scheduler(?:.*\n)+?)```", PAGE)
    assert block is not None
    host, port = address.split(":")
    text = block[1].replace("HOST", host).replace("PORT", port).replace("--nworkers 8", "--nworkers 1")
    lines = [shlex.split(line) for line in text.splitlines()]
    return [
        (dict(word.split("=") for word in line if re.match(r"[A-Z_]+=", word)),
         [word for word in line if not re.match(r"[A-Z_]+=", word)])
        for line in lines
    ]  # fmt: skip


def test_the_commands_for_dask_start_a_cluster_that_works(many: Path, start: Start, run: Start, address: str) -> None:
    assert many.is_dir()
    scheduler, worker, batch = commands(address)
    process = start(*scheduler[1])
    until(lambda: listens(address), process)
    start(*worker[1], **worker[0])
    given = [word.replace("scenarios", "in").replace("report", str(OUT)) for word in batch[1]]
    code, said = ended(start(*given, "--pack", HARBOUR))
    assert (code, said) == (0, f"{FILES} scenarios evaluated. Open out/index.html\n")
    assert found(OUT) == expected(run)
