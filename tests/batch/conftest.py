"""Folders of small scenarios, and batches over them: in this process, or as a process of its own that may be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from click.testing import CliRunner, Result

from policyengine.cli.main import cli

ROOT = Path(__file__).parent.parent.parent
HARBOUR = ROOT / "docs" / "examples" / "harbour"
FIRE = (ROOT / "docs" / "examples" / "harbour-fire.yaml").read_text("utf-8")

Batch = Callable[..., Result]
Process = Callable[..., "subprocess.Popen[bytes]"]


def a_fire(name: str, severity: float = 0.8, text: str = FIRE) -> str:
    """The text of a small scenario."""
    return text.replace("harbour-fire", name).replace("severity: 0.8", f"severity: {severity}")


def tree(folder: Path) -> dict[str, bytes]:
    """All that a batch wrote but the time it took, which alone may differ."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "timing.json"}


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]


def gone(group: int, within: float) -> bool:
    """Whether a group of processes ends within some seconds: the last of them only notices that the others are gone."""
    started = monotonic()
    while monotonic() - started < within:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
    return False


def manifest(folder: Path) -> dict[str, str]:
    """The status of each file of a batch, by the name of its results."""
    data = json.loads((folder / "manifest.json").read_text("utf-8"))
    return {file["name"]: file["status"] for file in data["files"]}


@pytest.fixture
def fires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `in` with six scenarios, two of them of one name; it stands in the current folder."""
    monkeypatch.chdir(tmp_path)
    for place, name in enumerate(("one/a", "one/b", "two/a", "two/deep/c", "d", "e")):
        path = tmp_path / "in" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(a_fire(f"fire-{place}", 0.1 * (place + 1)), "utf-8")
    return tmp_path / "in"


@pytest.fixture
def batch(fires: Path) -> Batch:
    """Run a batch in this process (its workers are processes of their own all the same)."""
    assert fires.is_dir()

    def call(*arguments: str | Path, pack: str | Path | None = HARBOUR, stdin: bytes | None = None) -> Result:
        packs = [] if pack is None else ["--pack", str(pack)]
        given = ["batch", "--out", "out", "--workers", "2", *packs, *map(str, arguments or ["in"])]
        return CliRunner().invoke(cli, given, prog_name="policyengine", input=stdin)

    return call


@pytest.fixture
def process(fires: Path) -> Process:
    """Start a batch as a process of its own."""

    def call(*arguments: str | Path, out: str | Path = "out", **more: object) -> subprocess.Popen[bytes]:
        given = ["batch", *map(str, arguments or ["in"]), "--out", str(out), "--workers", "2", "--pack", str(HARBOUR)]
        started: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-m", "policyengine", *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=fires.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, **more,  # type: ignore[call-overload]
        )  # fmt: skip
        return started

    return call
