"""A project in which every field that holds running text is there: two packs, a source and a scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from random_packs import Plain, a_pack, write_pack
from report.test_page_markup import a_scenario_with_reasons, filled

from policyengine.domain.fields import Model

NOT_TEXTS = frozenset({"when", "points", "of", "conditions", "attributes"})
"""Expressions, names of lists, and words that packs declare: what is no running text although any text is let in."""


def text_paths(model: type[Model]) -> set[tuple[str, ...]]:
    """The paths of all fields of a kind of file that hold running text; `*` stands for any key or place."""
    schema = model.model_json_schema()
    found: set[tuple[str, ...]] = set()

    def walk(part: Plain, path: tuple[str, ...], above: frozenset[str]) -> None:
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            if name not in above:
                walk(schema["$defs"][name], path, above | {name})
            return
        if part.get("type") == "string" and not part.keys() & {"pattern", "enum", "const"}:
            found.add(path)
        for each in (*part.get("anyOf", ()), *part.get("oneOf", ())):
            walk(each, path, above)
        for name, each in part.get("properties", {}).items():
            walk(each, (*path, name), above)
        for each in (part.get("additionalProperties"), part.get("items"), *part.get("patternProperties", {}).values()):
            if isinstance(each, dict):
                walk(each, (*path, "*"), above)

    walk(schema, (), frozenset())
    terms = {path for path in found if path[0] == "vocabulary"}
    plain = {path for path in found - terms if not NOT_TEXTS & {*path}}
    return plain | {path for path in terms if path[-1] not in NOT_TEXTS}


def texts_at(data: Any, path: tuple[str, ...]) -> Iterator[str]:
    """All texts that stand at a path."""
    if not path:
        yield from [data] if isinstance(data, str) else []
        return
    first, *rest = path
    inner = list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else []
    if first != "*":
        inner = [data[first]] if isinstance(data, dict) and first in data else []
    for each in inner:
        yield from texts_at(each, tuple(rest))


def a_whole_project(random: Random) -> Plain:
    """The base pack, its rules, its source, a pack that changes it, and a scenario."""
    made = a_pack(random)
    pack, rules = made["pack"], made["rules"]
    for terms in pack["vocabulary"].values():
        for term in terms.values():
            term.update(source="A book", **({"unit": "parts"} if "type" in term else {}))
    for parameter in pack["parameters"].values():
        parameter.update(unit="points", source="A book")
    pack["accepts"] = {"R101": "It is meant."}
    for rule in rules:
        rule["accepts"] = {"R103": "It is meant."}
        rule["then"] += [{"measure": "Do it", "parties": []}, {"caution": "Mind it"}]
    scenario = a_scenario_with_reasons(random, pack["vocabulary"])
    _with_a_tie(scenario, pack["vocabulary"])
    actor, threat = scenario["jurisdictions"][0]["id"], scenario["threats"][0]["id"]
    recorded = {"lead": [actor], "mechanism": "A crew", "note": "It is so."}
    layers = {next(iter(pack["vocabulary"]["layers"])): recorded}
    scenario["outcome"] = {"confidence": "low", "threat": threat, "layers": layers, "normative": layers}
    return {"pack": pack, "rules": rules, "changing": _changing(rules), "scenario": scenario}


def _with_a_tie(scenario: Plain, vocabulary: Plain) -> None:
    """A tie with a reason, between the first jurisdiction and a second one."""
    first, *others = scenario["jurisdictions"]
    second = others[0] if others else {**first, "id": "SECOND", "name": "Second"}
    scenario["jurisdictions"] += [] if others else [second]
    tie = {"id": "told", "name": "A tie", "kind": next(iter(vocabulary["tie_kinds"])), "reasons": {"kind": "It is so."}}
    scenario["ties"] = [*(scenario.get("ties") or ()), {**tie, "parties": [first["id"], second["id"]]}]


def _changing(rules: list[Plain]) -> Plain:
    return {
        "pack": "changing", "title": "A pack that changes another", "version": "1.0.0", "role": "opinion",
        "summary": "Made by a test.", "extends": ["random"],
        "overrides": {"low": {"value": 0.4, "because": "It is lower here."}},
        "switch_off": {f"random/{rules[-1]['rule']}": "It does not hold here."},
    }  # fmt: skip


def _fuller(source: Plain) -> Plain:
    """The memo with all that a source may say."""
    works = [{"what": "A book", "seen": "excerpt"}]
    claims = [
        claim | {"excuse": "It says nothing.", "provision": "Section 1", "literature": works}
        for claim in source["claims"]
    ]
    return source | {"venue": "A desk", "note": "Made by a test.", "claims": claims}


def write_project(project: Plain, texts: Iterator[str], top: Path) -> tuple[Path, Path, Plain]:
    """Write both packs with every running text replaced; gives their folders and the scenario, filled as well."""
    base = write_pack({"pack": project["pack"], "rules": project["rules"]}, top / "random")
    memo = base / "seeds" / "memo.yaml"
    memo.write_text(json.dumps(_fuller(json.loads(memo.read_text("utf-8")))), "utf-8")
    changing = top / "changing"
    changing.mkdir(exist_ok=True)
    (changing / "pack.yaml").write_text(json.dumps(project["changing"]), "utf-8")
    for path in [*sorted(base.rglob("*.yaml")), changing / "pack.yaml"]:
        data = filled(json.loads(path.read_text("utf-8")), texts)
        path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    scenario: Plain = filled(project["scenario"], texts)
    return base, changing, scenario
