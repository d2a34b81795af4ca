"""Packs are examined as far as they can be read, and nothing is raised."""

from __future__ import annotations

from pathlib import Path

import pytest
from rulebook.conftest import WritePacks, a_rule, brief

from policyengine.rulebook import pack_files
from policyengine.rulebook.examine import Examined, examine_packs


def examined(write_packs: WritePacks, rules: dict[str, str]) -> tuple[Examined, Path]:
    root = write_packs({f"mine/a/{name}.yaml": text for name, text in rules.items()})
    return examine_packs([root / "mine"]), root


def test_a_broken_file_does_not_hide_the_findings_of_the_others(write_packs: WritePacks) -> None:
    rules = {"one": "rule: [", "two": a_rule("two", when="threat.colour"), "three": a_rule("three")}
    found, root = examined(write_packs, rules)
    errors = tuple(problem for problem in found.problems if problem.severity == "error")
    assert [line.split(":")[0] for line in brief(errors, root)] == ["mine/a/one.yaml", "mine/a/two.yaml"]
    assert found.rulebook is not None
    assert [rule.id for rule in found.rulebook.rules] == ["three"]
    assert not found.usable


def test_of_a_pack_with_too_many_rules_nothing_is_said_to_be_unused(
    write_packs: WritePacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_files, "MOST_FILES", 1)
    found, _ = examined(write_packs, {"one": a_rule("one"), "two": a_rule("two")})
    assert {problem.code for problem in found.problems} == {"P508"}


def test_a_pack_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = examine_packs([tmp_path / "nowhere"])
    assert found.rulebook is None
    assert [problem.code for problem in found.problems] == ["P501"]


MORE = "pack: more\ntitle: T\nversion: 1.0.0\nrole: opinion\nsummary: S.\nextends: [mine]\n"


def used_by_others(write_packs: WritePacks, reader: str) -> set[str]:
    """The codes of what is found in a pack beside one that extends it, examined without it."""
    sets = a_rule("sets", when="threat.agent", then="[{mark: threat.wide}]")
    reads = a_rule("reads", when=reader)
    root = write_packs({"mine/a/sets.yaml": sets, "more/pack.yaml": MORE, "more/a/reads.yaml": reads})
    return {problem.code for problem in examine_packs([root / "mine"]).problems}


def test_what_only_a_pack_beside_uses_is_not_said_to_be_unused(write_packs: WritePacks) -> None:
    every = "threat.attributes.spread > param.high and threat.marks.wide"
    assert not used_by_others(write_packs, every) & {"R104", "R105"}


def test_what_no_pack_beside_uses_is_unused(write_packs: WritePacks) -> None:
    assert used_by_others(write_packs, "threat.attributes.watched") >= {"R104", "R105"}


def test_a_broken_pack_beside_may_use_anything(write_packs: WritePacks) -> None:
    assert not used_by_others(write_packs, "threat.colour") & {"R104", "R105", "R106"}


def test_a_pack_beside_that_does_not_extend_it_uses_nothing(write_packs: WritePacks) -> None:
    own = MORE.replace("extends: [mine]\n", "")
    root = write_packs({"mine/a/one.yaml": a_rule("one", when="threat.agent"), "more/pack.yaml": own})
    assert "R104" in {problem.code for problem in examine_packs([root / "mine"]).problems}
