"""Names of what comes with the package, found without reading any file in full: for help and completion."""

from __future__ import annotations

import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from policyengine.shipped import folder


def scenarios() -> list[str]:
    """The names of the shipped scenarios."""
    return sorted(path.stem for path in folder("scenarios").glob("*.yaml"))


def packs() -> list[str]:
    """The names of the shipped packs."""
    return sorted(path.parent.name for path in folder("rules").glob("*/pack.yaml"))


def rules() -> list[str]:
    """The names of the rules of the shipped packs."""
    return sorted(path.stem for path in folder("rules").glob("*/*/**/*.yaml"))


def sources() -> list[str]:
    """The names of the shipped sources."""
    return sorted(path.stem for path in folder("seeds").glob("*.yaml"))


def scenario_path(name: str) -> Path | None:
    """The file of a shipped scenario, or None if there is none of that name."""
    return folder("scenarios") / f"{name}.yaml" if name in scenarios() else None


def fill(example: str) -> str:
    """An example with shipped names in the place of `{scenario}`, `{jurisdiction}`, `{pack}` and so on."""
    if "{" not in example:
        return example
    names = {"scenario": scenarios(), "pack": packs(), "rule": rules(), "source": sources()}
    shown = {kind: found[-1] if found else kind.upper() for kind, found in names.items()}
    shown |= {f"another_{kind}": found[0] if found else f"ANOTHER-{kind.upper()}" for kind, found in names.items()}
    return example.format(**shown, jurisdiction=_first_jurisdiction(shown["scenario"]))


def _first_jurisdiction(scenario: str) -> str:
    path = scenario_path(scenario)
    text = path.read_text("utf-8") if path else ""
    found = re.search(r"^jurisdictions:\s+- id: (\S+)", text, re.MULTILINE)
    return found[1] if found else "ID"


def complete_scenario(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shipped scenarios and files."""
    return _beginning(scenarios(), incomplete, "file")


def complete_pack(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shipped packs and folders."""
    return _beginning(packs(), incomplete, "dir")


def complete_rule(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rules of the shipped packs."""
    return _beginning(rules(), incomplete, "")


def complete_source(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shipped sources."""
    return _beginning(sources(), incomplete, "")


def _beginning(names: list[str], incomplete: str, otherwise: str) -> list[CompletionItem]:
    """The names that begin so; a shell that finds none of them completes paths."""
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return [CompletionItem(incomplete, type=otherwise), *found] if otherwise else found
