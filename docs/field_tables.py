"""The page of all fields, made from the published formats: one table for each kind of entry."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]

WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "entries",
}
TITLES = {
    "pack": (
        "A pack: `pack.yaml`",
        "Which folder and which name a pack has, and what it extends, stands in [packs](packs.md).",
    ),
    "source": ("A source: `seeds/SOURCE.yaml`", "What a claim is stands in [the model](model.md)."),
    "rule": (
        "A rule: `THEME/RULE.yaml`",
        "[The language](language.md) of conditions; [tables](packs.md#a-rule-with-a-table-of-cases) of cases.",
    ),
    "scenario": (
        "A scenario: `scenarios/SCENARIO.yaml`",
        "[Scenario files](scenario-files.md) says how the scales are meant.",
    ),
    "test": ("Tests: `tests/NAME.yaml`", "[Tests of rules](rule-tests.md) shows a whole file."),
}
ENTRIES = {
    "About": "A rule for one subject",
    "BarEntry": "Effect: bar",
    "CautionEntry": "Effect: caution",
    "CostMeasure": "A cost measure",
    "Declared": "A declared fact",
    "DiffusenessMarks": "The marks of diffuseness",
    "Examples": "The examples",
    "Expected": "What must come out",
    "FavourEntry": "Effect: favour",
    "Literature": "A work behind a claim",
    "MarkEntry": "Effect: mark",
    "MeasureEntry": "Effect: measure",
    "Override": "An override",
    "RecordedLayer": "A layer on record",
    "ScenarioTest": "A test",
    "ScoreEntry": "Effect: score",
    "Term": "A word",
    "TieKind": "A kind of tie",
    "VocabularySection": "The vocabulary",
}
"""What the entries are called on the page, where their name in the format would not be understood."""


def fields_page(schemas: dict[str, Node], head: str) -> str:
    """The page: for each kind of file its fields, then those of the entries inside it."""
    parts = [head.rstrip()]
    for kind, (title, more) in TITLES.items():
        schema = schemas[kind]
        parts += [f"## {title}", more, _table(schema)]
        for name, entry in schema["$defs"].items():
            parts += [f"### {_entry(name)}", _said(entry), _table(entry)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _entry(name: str) -> str:
    return ENTRIES.get(name, f"A{'n' if name[0] in 'AEIOU' else ''} {name.lower()}")


def _said(entry: Node) -> str:
    return str(entry.get("description", ""))


def _table(entry: Node) -> str:
    otherwise = entry.get("else", {})
    needed = dict.fromkeys(otherwise.get("required", ()), f"without `{'`, `'.join(_unless(entry))}`")
    needed |= dict.fromkeys(entry.get("required", ()), "always")
    narrower = otherwise.get("properties", {})
    rows = [
        f"| `{name}` | {needed.get(name, '')} | {_cell(_kind(node | narrower.get(name, {})))} | {_cell(_said(node))} |"
        for name, node in entry["properties"].items()
    ]
    return "\n".join(["| field | needed | is | means |", "|---|---|---|---|", *rows])


def _unless(entry: Node) -> list[str]:
    """The fields whose presence makes others needless."""
    return list(entry.get("if", {}).get("required", ()))


def _kind(node: Node) -> str:
    """What a value may be, in words."""
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return f"[{_lower(_entry(name))}](#{_anchor(_entry(name))})"
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    for several in ("anyOf", "oneOf"):
        if several in node:
            return ", or ".join(dict.fromkeys(_kind(each) for each in node[several]))
    if node.get("type") == "array":
        return f"list of: {_kind(node['items'])}"
    named = next(iter(node.get("patternProperties", {}).values()), None)
    if named is not None:
        return f"by name: {_kind(named)}"
    return _range(node) or WORDS[node["type"]] if "type" in node else "any value"


def _range(node: Node) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is None and high is None:
        return ""
    whole = "whole number" if node["type"] == "integer" else "number"
    if high is None:
        return f"{whole}, at least {low:g}"
    return f"{whole} from {low:g} to {high:g}" if low is not None else f"{whole}, at most {high:g}"


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]


def _anchor(title: str) -> str:
    """The anchor that a heading gets where pages are shown."""
    return "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -").replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
