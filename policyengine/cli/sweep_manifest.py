"""What a sweep records beside its table: enough to make the same table again, and to see that it is the same."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from policyengine.batch.folder import store
from policyengine.batch.hashes import hash_of
from policyengine.batch.lists import base_data, packs_data, versions
from policyengine.report.data import render_json
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile

FORMAT: Final = "policyengine-sweep/1"
_LIBRARIES: Final = ("numpy", "pyarrow", "scipy")
"""What draws samples and what writes tables: another version may do either otherwise."""


def manifest_of(out: Path) -> Path:
    """Where the manifest of a table is: `sweep.csv` has `sweep.csv.manifest.json`."""
    return out.with_name(f"{out.name}.manifest.json")


def store_manifest(
    out: Path, rows: int, base: tuple[str, ScenarioFile], rulebook: Rulebook, variations: dict[str, Any], wide: bool
) -> None:
    """Write the manifest of a table that is written; `base` comes with its place on the command line.

    `variations` says how the rows were made, or which table gave them. Raises OSError.
    """
    data = {
        "format": FORMAT,
        "versions": {**versions(), **{library: version(library) for library in _LIBRARIES}},
        "engine": "columnar",
        "base": base_data(*base),
        "packs": packs_data(rulebook),
        "variations": variations,
        "wide": wide,
        "rows": rows,
        "sha256": hash_of(out),
    }
    store(out.parent, manifest_of(out).name, render_json(data).encode())
