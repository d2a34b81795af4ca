"""A working project: a pack with one rule, a source with one claim, a scenario, a test, editor settings."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Template

from policyengine.rulebook.file_schema import KINDS, file_schema
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.scaffold.scalar import scalar
from policyengine.source import write_whole

_TEMPLATES = Path(__file__).parent / "templates"
_NEEDED = ("sides", "levels", "layers", "threat_kinds", "capacities")
_OWN = {
    "side": "ours", "level": "lower", "other_level": "upper", "layer": "response", "kind": "first_kind",
    "capacity": "staff",
}  # fmt: skip
"""The words of the template `vocabulary.yaml`."""


_EDITORS = {
    ".editorconfig": "editorconfig",
    ".vscode/settings.json": "vscode-settings.json",
    ".vscode/extensions.json": "vscode-extensions.json",
}
"""Settings of editors, each with its template."""


def lacking(vocabulary: Vocabulary) -> list[str]:
    """The lists of words without which no project can be built on a vocabulary."""
    return [section for section in _NEEDED if not vocabulary.words(section)]


def project_files(pack: str, title: str, base: str | None, vocabulary: Vocabulary | None) -> dict[str, str]:
    """The text of each file of a new project, by its path in the project.

    `base` is the pack that the new one extends and `vocabulary` what that pack declares; without it
    the project declares words of its own.
    """
    fill = {
        "pack": scalar(pack),
        "source": f"{pack}-source",
        "title": json.dumps(title, ensure_ascii=False),
        "extends": "" if base is None else f"extends: [{scalar(base)}]\n",
        "vocabulary": _template("vocabulary.yaml") if base is None else "",
        **(_OWN if vocabulary is None else _words(vocabulary)),
    }
    files = {
        f"{pack}/pack.yaml": "pack.yaml",
        f"{pack}/seeds/{pack}-source.yaml": "source.yaml",
        f"{pack}/rules/who-can-act-leads.yaml": "rule.yaml",
        f"{pack}/tests/first-scenario.yaml": "test.yaml",
        "scenarios/first-scenario.yaml": "scenario.yaml",
    }
    made = {path: Template(_template(name)).substitute(fill) for path, name in files.items()}
    # The formats come along, so that editors find them without a network and wherever the package is installed.
    made |= {f"schemas/{kind}.json": _schema(kind) for kind in KINDS}
    made |= {path: _template(name) for path, name in _EDITORS.items()}
    return made | {"README.md": Template(_template("README.md")).substitute(fill | {"title": title, "pack": pack})}


def write_project(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a project into a folder, which is made if need be; all of them appear, or none.

    Raises OSError.
    """
    existed = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{secrets.token_hex(8)}.partial"
    try:
        for path, text in files.items():
            file = partial / path
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, text.encode())
        for entry in sorted(partial.iterdir()):
            entry.rename(folder / entry.name)
        partial.rmdir()
    except BaseException:
        shutil.rmtree(partial if existed else folder, ignore_errors=True)
        raise


def _words(vocabulary: Vocabulary) -> dict[str, str]:
    """The first word of each list of a vocabulary that lacks none."""
    side, level, layer, kind, capacity = (vocabulary.words(section)[0] for section in _NEEDED)
    other = vocabulary.words("levels")[-1]
    found = {"side": side, "level": level, "other_level": other, "layer": layer, "kind": kind}
    # The capacity also stands inside the condition, where a name needs no quotes.
    return {**{part: scalar(word) for part, word in found.items()}, "capacity": capacity}


def _schema(kind: str) -> str:
    return json.dumps(file_schema(kind), indent=2, ensure_ascii=False) + "\n"


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")
