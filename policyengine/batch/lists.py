"""The manifest and the list of errors: what went in, and what came of it. Written line by line, however long."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from policyengine.assess.result import FORMAT as RESULT_FORMAT
from policyengine.batch.records import Record
from policyengine.batch.settings import Settings
from policyengine.batch.writers import ROWS
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.source import whole_file
from policyengine.version import VERSION

FORMAT: Final = "policyengine-batch/1"
MANIFEST: Final = "manifest.json"
ERRORS: Final = "errors.json"
_OF_A_FILE: Final = ("source", "name", "sha256", "status", "packs", "files")
_OF_AN_ERROR: Final = ("source", "name", "problems")


def write_lists(
    out: Path,
    settings: Settings,
    records: Callable[[], Iterable[Record]],
    tables: Mapping[str, str],
    cluster: dict[str, Any] | None = None,
) -> None:
    """Write `errors.json` and `manifest.json`; `tables` are the files of tables with their hashes.

    `cluster` says where the files were evaluated, if not in processes of this machine.
    """
    with whole_file(out / ERRORS) as file:
        write_errors(file, records())
    counts = Counter(record["status"] for record in records())
    with whole_file(out / MANIFEST) as file:
        write_manifest(file, [*_head(settings, counts, tables), ("cluster", cluster)], records(), _OF_A_FILE)


def write_errors(file: BinaryIO, records: Iterable[Record]) -> None:
    """Write `errors.json`: what is bad, with its problems."""
    _write_list(file, (record for record in records if record["status"] == "bad"), _OF_AN_ERROR)
    file.write(b"\n")


def write_manifest(
    file: BinaryIO, head: Iterable[tuple[str, Any]], records: Iterable[Record], keys: Iterable[str]
) -> None:
    """Write `manifest.json`: what holds for all, and these keys of each record."""
    file.write(b"{\n")
    file.writelines(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=True)},\n".encode() for key, value in head)
    file.write(b'"files": ')
    _write_list(file, records, keys)
    file.write(b"\n}\n")


def versions() -> dict[str, str]:
    """What ran."""
    return {"policyengine": VERSION, "python": platform.python_version()}


def base_data(argument: str, base: ScenarioFile) -> dict[str, str]:
    """What manifests say of the scenario that is varied, by its place on the command line."""
    return {"source": argument, "name": base.scenario.scenario, "sha256": base.sha256}


def packs_data(rulebook: Rulebook) -> list[dict[str, str]]:
    """What manifests say of the packs."""
    return [{"id": pack.id, "sha256": pack.sha256} for pack in rulebook.packs]


def _head(settings: Settings, counts: Counter[str], tables: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """What is common to all files. Nothing is drawn at random, so there is no seed; times stand in `timing.json`."""
    yield "format", FORMAT
    yield "versions", {**versions(), "result": RESULT_FORMAT}
    yield "engine", settings.engine
    yield "packs", list(settings.packs)
    yield "formats", [*(form for form in settings.formats if form != ROWS), *settings.tables]
    yield "seed", None
    yield "counts", {status: counts[status] for status in ("good", "bad", "planned")}
    yield "tables", dict(tables)


def _write_list(file: BinaryIO, records: Iterable[Record], keys: Iterable[str]) -> None:
    """A list with one record a line."""
    before = b"[\n"
    for record in records:
        line = json.dumps({key: record.get(key) for key in keys}, ensure_ascii=True)
        file.write(before + line.encode())
        before = b",\n"
    file.write(b"[]" if before == b"[\n" else b"\n]")
