"""What the editor is told at a place: the bar stands for the cursor."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine.editor.completion import proposals
from policyengine.editor.cursor import Cursor, cursor_at
from policyengine.editor.definition import definition
from policyengine.editor.desk import Desk
from policyengine.editor.hover import hover_text
from policyengine.editor.positions import character, lines_of, places, units
from policyengine.errors import Span
from policyengine.errors.codes import Severity
from policyengine.shipped import folder

RULES = folder("rules") / "layered-border"
RULE = RULES / "ties" / "new.yaml"
HEAD = "rule: new\nnature: normative\n"


def cut(text: str) -> tuple[str, int, int]:
    before, _, after = text.partition("|>")
    return before + after, before.count("\n"), len(before) - before.rfind("\n") - 1


def cursor(text: str) -> Cursor:
    whole, row, column = cut(text)
    return cursor_at(lines_of(whole), row, column)


def offered(text: str, path: Path = RULE) -> list[str]:
    desk = Desk()
    desk.put(path, cut(text)[0])
    around = desk.around(path)
    assert around is not None
    with desk.reading():
        return [each.insert for each in proposals(around, cursor(text))]


def shown(text: str, path: Path = RULE) -> str:
    whole, row, _ = cut(text)
    desk = Desk()
    desk.put(path, whole)
    around = desk.around(path)
    assert around is not None
    with desk.reading():
        return hover_text(around, cursor(text), lines_of(whole)[row])


def defined(text: str, path: Path = RULE) -> str:
    """The file and the text of the place that something is defined at."""
    whole, row, _ = cut(text)
    desk = Desk()
    desk.put(path, whole)
    around = desk.around(path)
    assert around is not None
    with desk.reading():
        span = definition(around, cursor(text), lines_of(whole)[row])
    if span is None:
        return ""
    file = Path(span.file)
    line = file.read_text("utf-8").splitlines()[span.line - 1]
    return f"{file.parent.name}/{file.name} {line[span.column - 1 : span.end_column - 1]}"


@pytest.mark.parametrize(
    ("text", "path", "on_key"),
    [
        ("when: |\n  threat.agent and thr|>\n  and x\nthen: []", ("when",), False),
        ("when: |\n  a and\n\n  b|>\nthen: []", ("when",), False),
        ("when: threat.sev|>", ("when",), False),
        ("wh|>en: threat.agent", ("when",), True),
        ("then:\n  - score: x\n    points: par|>am.x", ("then", 0, "points"), False),
        ("then:\n- score: x\n  points: par|>am.x", ("then", 0, "points"), False),
        ("then:\n  - {score: x, points: par|>am.x}", ("then", 0, "points"), False),
        ("then:\n  - {score: x, poi|>nts: 1}", ("then", 0, "points"), True),
        ("examples:\n  fires:\n    - {threat: {agent: tr|>ue}}", ("examples", "fires", 0, "threat", "agent"), False),
        ("claim: [a/b, c/|>d]", ("claim", 1), False),
        ("parameters:\n  # a remark\n\n  x: {value: 1, means: m|>}", ("parameters", "x", "means"), False),
        ("jurisdictions:\n  - id: X\n    level: fed|>", ("jurisdictions", 0, "level"), False),
        ("|>", (), False),
    ],
)
def test_the_cursor_knows_where_it_is(text: str, path: tuple[str | int, ...], on_key: bool) -> None:
    found = cursor(text)
    assert (found.path, found.on_key) == (path, on_key)


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("when: threat.|>", ["severity", "attributes", "marks"], ["threat", "policing"]),
        ("when: |\n  threat.agent and jurisdiction.capacities.|>", ["policing"], ["level"]),
        ("when: jurisdiction.|>", ["ties", "level", "capacities"], ["severity"]),
        ("when: jurisdiction.level == |>", ['"provincial"'], ["provincial", "threat"]),
        ('when: jurisdiction.level == "|>', ["provincial"], ['"provincial"', "threat"]),
        ('when: jurisdiction.level in ("state", "|>', ["provincial"], ["policing"]),
        ("when: jurisdiction.level in (|>", ['"provincial"'], ["threat"]),
        ("when: any(t.|> for t in ties)", ["kind", "strength"], ["severity"]),
        ('when: any(t.kind == "|>" for t in ties)', ["compact"], ["federal"]),
        ("when: any(t.partner.|> for t in jurisdiction.ties)", ["level", "side"], ["ties"]),
        ("when: any(t for t in |>", ["ties", "jurisdiction.ties", "threats"], ["threat"]),
        ("when: any(t for t in jurisdiction.|>", ["ties", "burdens"], ["level"]),
        ('when: "administration_of_justice" in jurisdiction.|>', ["competences"], ["level", "ties"]),
        ("when: |>", ["threat", "param", "any(", "known(", "not"], ["severity"]),
        ("when: |\n  threat.agent and (thr|>\n  or )(", ["threat", "min("], []),
        ("then:\n  - score: |>", ["local_enforcement"], ["status_quo"]),
        ("then:\n  - {score: frontier, points: param.|>}", ["strong", "diffuse"], ["threat"]),
        ("then:\n  - |>", ["score: ", "bar: ", "mark: "], ["rule: "]),
        ("then:\n  - score: frontier\n    |>", ["points: "], ["rule: "]),
        ("claim: |>", ["sharing-the-burden/provinces-diffuse-threats"], ["threat"]),
        ("claim: [sharing-the-burden/sh|>]", ["sharing-the-burden/provinces-diffuse-threats"], []),
        ("nature: |>", ["normative", "descriptive"], ["threat"]),
        ("|>", ["rule: ", "when: ", "then: "], ["score: "]),
        ("na|>ture: x", ["nature", "why"], ["nature: "]),
    ],
)
def test_what_may_follow_in_a_rule_is_offered(text: str, some: list[str], none: list[str]) -> None:
    found = offered(HEAD + text)
    assert [each for each in some if each not in found] == []
    assert [each for each in none if each in found] == []


def test_the_words_of_a_scenario_are_offered() -> None:
    path = folder("scenarios") / "new.yaml"
    head = "scenario: new\n"
    assert {"federal", "state"} <= set(offered(f"{head}jurisdictions:\n  - id: X\n    level: |>", path))
    assert "terrorism" in offered(f"{head}threats:\n  - {{id: t, kind: |>}}", path)
    assert "policing: " in offered(f"{head}jurisdictions:\n  - id: X\n    capacities: {{|>}}", path)
    assert {"jurisdictions: ", "ties: "} <= set(offered(f"{head}|>", path))


def test_the_words_of_a_pack_file_are_offered() -> None:
    path = RULES / "pack.yaml"
    assert {"vocabulary", "opinion"} <= set(offered("pack: a\nrole: |>", path))
    assert "borders" in offered("pack: a\nextends: [|>]", path)
    assert "levels" in offered("pack: a\nvocabulary:\n  conditions:\n    x: {type: choice, of: |>}", path)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("when: threat.seve|>rity >= 0.5", "Loss if it happens"),
        ("when: thr|>eat.severity >= 0.5", "a whole threat"),
        ("when: jurisdiction.capacities.pol|>icing > 0", "Police and prosecutors"),
        ("when: any(t.kin|>d == 'compact' for t in ties)", "a word (tie kind)"),
        ("when: threat.agent and param.dif|>fuse > 0", "Value 0.6, may be argued from 0.4 to 0.8"),
        ('when: jurisdiction.level == "prov|>incial"', "The government of a Canadian province"),
        ("when: kno|>wn(threat.agent)", "the value is known"),
        ("when: |\n  threat.agent and (threat.seve|>rity >= \n", "Loss if it happens"),
        ("claim: sharing-the-burden/provinces-diffuse-|>threats", "Provinces are better placed"),
        ("then:\n  - score: fron|>tier", "Control of people and goods"),
        ("nat|>ure: normative", "What ought to be"),
        ("when: nothing.at.a|>ll", ""),
        ("when: param.no_such_|>name > 1", ""),
    ],
)
def test_the_word_under_the_cursor_is_explained(text: str, part: str) -> None:
    found = shown(text if text.startswith("nat") else HEAD + text)
    assert part in found
    assert bool(found) == bool(part)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("claim: sharing-the-burden/provinces-diffuse-|>threats",
         "seeds/sharing-the-burden.yaml provinces-diffuse-threats"),
        ("when: threat.agent and param.dif|>fuse > 0", "layered-border/pack.yaml diffuse"),
        ('when: jurisdiction.level == "prov|>incial"', "borders/pack.yaml provincial"),
        ("when: jurisdiction.capacities.pol|>icing > 0", "borders/pack.yaml policing"),
        ("then:\n  - score: fron|>tier", "borders/pack.yaml frontier"),
        ("when: threat.seve|>rity > 0", ""),
        ("nature: norm|>ative", ""),
    ],
)  # fmt: skip
def test_what_is_used_leads_to_where_it_is_defined(text: str, place: str) -> None:
    assert defined(HEAD + text) == place


def test_a_mark_leads_to_a_rule_that_sets_it() -> None:
    desk = Desk()
    desk.put(RULE, "rule: new\n")
    around = desk.around(RULE)
    assert around is not None
    name = next(path for path in around.schema["threat"].fields if path.startswith("marks."))  # type: ignore[union-attr]
    assert f"threat.{name.removeprefix('marks.')}" in defined(f"{HEAD}when: threat.{name}|>")


def test_a_pack_leads_to_the_packs_and_sources_that_it_names() -> None:
    path = RULES / "pack.yaml"
    text = path.read_text("utf-8")
    at = text.index("extends:") + len("extends: [b")
    assert defined(f"{text[:at]}|>{text[at:]}", path) == "borders/pack.yaml borders"


@pytest.mark.parametrize(("encoding", "count"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_units_of_an_emoji(encoding: str, count: int) -> None:
    assert units("😀", encoding) == count
    assert character("a😀b", 1 + count, encoding) == 2
    assert character("ab", 99, encoding) == 2
    span = Span("x", 2, 3, 2, 4)
    assert places("\r\né😀b", span, "utf-16") == ((1, 3), (1, 4))


def test_a_span_past_the_end_of_a_text_is_put_at_its_end() -> None:
    assert places("ab\ncd", Span("x", 9, 1, 9, 5), "utf-16") == ((1, 2), (1, 2))
    assert places("ab", Span.whole("x"), "utf-16") == ((0, 0), (0, 0))


def test_packs_that_lie_further_up_are_none_of_a_scenarios_business(tmp_path: Path) -> None:
    for pack in ("stray", "deep/project/mine"):
        (tmp_path / pack).mkdir(parents=True)
        text = f"pack: {Path(pack).name}\ntitle: t\nversion: 1.0.0\nrole: opinion\nsummary: s\n"
        (tmp_path / pack / "pack.yaml").write_text(text, "utf-8")
    desk = Desk()
    for place, packs in (("deep/project/scenarios/2024", ["mine"]), ("a/b", None), ("a/scenarios", None)):
        (tmp_path / place).mkdir(parents=True)
        path = tmp_path / place / "s.yaml"
        desk.put(path, "scenario: s\n")
        around = desk.around(path)
        assert around is not None
        found = [pack.file.pack for pack in around.surveyed.packs]
        assert found == packs if packs else "stray" not in found


FILES = sorted(
    [*folder("rules").glob("*/*/*.yaml"), *folder("rules").glob("*/pack.yaml"), *folder("scenarios").glob("**/*.yaml")]
)
TYPED = st.sampled_from(["", "{", '"', "'", "[", ":", "- ", "\t", "\0", "é😀", "|", "\r", "&a *a", "threat.", "any(x."])


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FILES), st.data(), TYPED, st.booleans())
def test_half_written_files_get_answers_at_every_place(
    path: Path, data: st.DataObject, typed: str, cut_off: bool
) -> None:
    text = path.read_text("utf-8")
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + typed + ("" if cut_off else text[at:])
    desk = Desk()
    desk.put(path, text)
    around = desk.around(path)
    lines = lines_of(text)
    row = data.draw(st.integers(0, len(lines) - 1))
    if around is None:
        return
    with desk.reading():
        place = cursor_at(lines, row, data.draw(st.integers(0, len(lines[row]))))
        assert all(each.label and each.insert for each in proposals(around, place))
        assert isinstance(hover_text(around, place, lines[row]), str)
        span = definition(around, place, lines[row])
    assert span is None or Path(span.file).is_file()
    for problem in desk.problems()[path]:
        start, end = places(text, problem.span or Span.whole(""), "utf-16")
        assert (0, 0) <= start <= end < (len(lines), 0)


def test_every_severity_has_one_of_the_protocol() -> None:
    from policyengine.editor.server import _SEVERITIES

    assert set(_SEVERITIES) == set(get_args(Severity))
    assert len(set(_SEVERITIES.values())) == len(_SEVERITIES)
