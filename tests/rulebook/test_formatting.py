"""One layout for files: what they say and their comments stay."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_packs import a_pack

from policyengine import shipped
from policyengine.editor.kinds import kind_of
from policyengine.rulebook.formatting import formatted
from policyengine.source import examine_document

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    path
    for folder in (*map(shipped.folder, ("rules", "scenarios", "seeds")), ROOT / "docs" / "examples")
    for path in folder.rglob("*.yaml")
)
UNTIDY = """\
# at the top


rule:  r
# about the reason
why: Because   # a remark


nature: normative
then:
- score: quench   # points
  points: 1
- {  bar: other,from: lead }
when: |     # what must hold
      a>=b and
      (c
      or  d)
claim: [ a/b,c/d ]
examples:
    fires:
        - threat: {severity: 1,
                   agent: true}
        -   {threat: {severity: 2}}
    # none are silent
    silent: []
# at the end
"""
TIDY = """\
# at the top

rule: r
claim: [a/b, c/d]

nature: normative
# about the reason
why: Because   # a remark
when: |     # what must hold
  a >= b
  and (c
    or d)
then:
  - score: quench   # points
    points: 1
  - {bar: other, from: lead}
examples:
  fires:
    - threat: {severity: 1,
               agent: true}
    - {threat: {severity: 2}}
  # none are silent
  silent: []
# at the end
"""


def tidy(path: Path, text: str | bytes, kind: str = "rule") -> str | None:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return formatted(examine_document(path), kind)


def test_an_untidy_file_is_put_in_order(tmp_path: Path) -> None:
    assert tidy(tmp_path / "r.yaml", UNTIDY) == TIDY


def test_a_tidy_file_stays(tmp_path: Path) -> None:
    made = tidy(tmp_path / "r.yaml", UNTIDY)
    assert made is not None
    assert tidy(tmp_path / "r.yaml", made) == made


def test_line_ends_and_marks_of_other_systems_go(tmp_path: Path) -> None:
    assert tidy(tmp_path / "r.yaml", b"\xef\xbb\xbfrule: r\r\nwhy: W\r\n") == "rule: r\nwhy: W\n"


@pytest.mark.parametrize(
    "text",
    [
        "rule: &a r\nwhy: *a\n",
        "---\nrule: r\n",
        "{rule: r, why: w}\n",
        "rule: # odd\n  r\n",
        "- a\n- b\n",
        "when: |2\n   a\n",
        "when: |+\n  a\n\nrule: r\n",
        "? rule\n: r\n",
    ],
)
def test_what_has_no_place_in_the_layout_is_left(tmp_path: Path, text: str) -> None:
    assert tidy(tmp_path / "r.yaml", text) is None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_shipped_files_are_in_the_layout(path: Path) -> None:
    document = examine_document(path)
    kind = kind_of(path, document.text)
    if kind is not None and not document.flaws:
        assert formatted(document, kind) == document.text, "run: policyengine rules fmt rules scenarios seeds docs"


def as_blocks(random: Random, data: object, indent: int) -> list[str]:
    """Data as YAML with random indentation, empty lines and comments."""
    step = random.choice((2, 3, 4))
    pad = " " * indent
    lines: list[str] = []
    assert isinstance(data, dict)
    for key, value in data.items():
        lines += random.choice(([], [""], [f"{pad}# remark {random.randint(0, 9)}"], ["", "", ""]))
        if isinstance(value, dict) and value and random.random() < 0.7:
            lines += [f"{pad}{key}:", *as_blocks(random, value, indent + step)]
        elif isinstance(value, list) and value and random.random() < 0.7:
            lines.append(f"{pad}{key}:")
            at = " " * (indent + random.choice((0, 2)))
            lines += [f"{at}-  {json.dumps(item)}" for item in value]
        else:
            lines.append(f"{pad}{key}:  {json.dumps(value)}{random.choice(('', '  # why'))}")
    return lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 100_000))
def test_random_files_keep_what_they_say(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    pack = a_pack(random)
    for kind, data in (("pack", pack["pack"]), *(("rule", rule) for rule in pack["rules"])):
        path = tmp_path / "file.yaml"
        path.write_text("\n".join(as_blocks(random, data, 0)) + "\n", "utf-8")
        document = examine_document(path)
        made = formatted(document, kind)
        assert made is not None
        path.write_text(made, "utf-8")
        again = examine_document(path)
        said, says = document.plain(), again.plain()
        assert isinstance(said, dict)
        assert isinstance(says, dict)
        assert {**says, "when": ""} == {**said, "when": ""}
        assert formatted(again, kind) == made
