"""The language server, asked by a real client in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SCENARIOS
from editor.conftest import Editor

from policyengine.cli.main import cli
from policyengine.shipped import folder

RULE = folder("rules") / "layered-border/decentralisation/provinces-tackle-diffuse-threats.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as `policyengine init` makes it."""
    from click.testing import CliRunner

    made = CliRunner().invoke(cli, ["init", str(tmp_path / "mine"), "--pack", "smoke"])
    assert made.exit_code == 0, made.output
    return tmp_path / "mine"


def test_without_its_library_the_server_says_what_to_install(tmp_path: Path) -> None:
    without = "import sys; sys.modules['pygls'] = None; from policyengine.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", without, "lsp"], capture_output=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"pip install 'layered-policyengine[lsp]'" in done.stderr
    assert b"Traceback" not in done.stderr


def labels(answer: Any) -> list[str]:
    return [item["label"] for item in answer["items"]]


def test_a_session_from_the_first_request_to_the_last(editor: Editor) -> None:
    can = editor.begin()["capabilities"]
    assert can["hoverProvider"]
    assert can["definitionProvider"]
    uri, text = RULE.as_uri(), RULE.read_text("utf-8")
    editor.open(uri, text)
    assert editor.found(uri) == []

    broken = text.replace("threat.diffuseness >=", "threat.difuseness >=", 1)
    editor.change(uri, broken)
    (found,) = editor.found(uri)
    assert (found["code"], found["severity"], found["source"]) == ("L203", 1, "policyengine")
    assert found["message"] == "'threat' has no 'difuseness'\nhint: did you mean 'diffuseness'?"
    line = broken.splitlines()[found["range"]["start"]["line"]]
    assert line[found["range"]["start"]["character"] : found["range"]["end"]["character"]] == "difuseness"

    shown = editor.about("hover", uri, broken, "param.dif")["contents"]["value"]
    assert "Value 0.6, may be argued from 0.4 to 0.8" in shown
    assert "severity" in labels(editor.about("completion", uri, broken, "threat."))
    target = editor.about("definition", uri, broken, "sharing-the-burden/pro")
    source = folder("seeds") / "sharing-the-burden.yaml"
    assert target["uri"] == source.as_uri()
    there = source.read_text("utf-8").splitlines()[target["range"]["start"]["line"]]
    assert there.endswith("claim: provinces-diffuse-threats")
    symbols = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert [each["name"] for each in symbols[1]["children"]] == ["score local_enforcement", "score intelligence"]
    assert editor.end() == 0


def test_places_are_counted_in_the_units_of_the_editor(editor: Editor, project: Path) -> None:
    editor.begin()
    path = project / "smoke/rules/who-can-act-leads.yaml"
    text = path.read_text("utf-8").replace("threat.severity >=", '"é😀🇨🇦" == threat.severty and threat.severity >=')
    editor.open(path.as_uri(), text)
    found = next(each for each in editor.found(path.as_uri()) if each["code"] == "L203")
    line = text.splitlines()[found["range"]["start"]["line"]].encode("utf-16-le")
    start, end = found["range"]["start"]["character"], found["range"]["end"]["character"]
    assert line[2 * start : 2 * end].decode("utf-16-le") == "severty"
    assert "Loss if it happens" in editor.about("hover", path.as_uri(), text, "and threat.sev")["contents"]["value"]


def test_an_editor_that_counts_octets_gets_octets(editor: Editor, project: Path) -> None:
    said = editor.begin(general={"positionEncodings": ["utf-8"]})
    assert said["capabilities"]["positionEncoding"] == "utf-8"
    path = project / "smoke/rules/who-can-act-leads.yaml"
    text = path.read_text("utf-8").replace("threat.severity >=", '"é😀" == threat.severty and threat.severity >=')
    editor.open(path.as_uri(), text)
    found = next(each for each in editor.found(path.as_uri()) if each["code"] == "L203")
    line = text.splitlines()[found["range"]["start"]["line"]].encode()
    assert line[found["range"]["start"]["character"] : found["range"]["end"]["character"]] == b"severty"


def test_an_unsaved_pack_file_is_seen_by_the_rules_that_are_open(editor: Editor, project: Path) -> None:
    editor.begin()
    rule, pack = project / "smoke/rules/who-can-act-leads.yaml", project / "smoke/pack.yaml"
    editor.open(rule.as_uri(), rule.read_text("utf-8"))
    assert editor.found(rule.as_uri()) == []
    text = pack.read_text("utf-8").replace("  enough:", "  plenty:")
    editor.open(pack.as_uri(), text)
    assert [each["code"] for each in editor.found(rule.as_uri())] == ["L203"]
    editor.tell("textDocument/didClose", {"textDocument": {"uri": pack.as_uri()}})
    assert editor.found(rule.as_uri()) == []


def test_a_broken_pack_file_takes_nothing_away_in_its_rules(editor: Editor, project: Path) -> None:
    editor.begin()
    rule, pack = project / "smoke/rules/who-can-act-leads.yaml", project / "smoke/pack.yaml"
    text = rule.read_text("utf-8")
    editor.open(rule.as_uri(), text)
    assert "enough" in labels(editor.about("completion", rule.as_uri(), text, "param."))
    editor.open(pack.as_uri(), "pack: [")
    assert editor.found(pack.as_uri()) != []
    assert "enough" in labels(editor.about("completion", rule.as_uri(), text, "param."))
    assert "Means from which" in editor.about("hover", rule.as_uri(), text, "param.en")["contents"]["value"]


def test_a_scenario_of_a_project_uses_the_words_of_its_pack(editor: Editor, project: Path) -> None:
    editor.begin()
    path = project / "scenarios/first-scenario.yaml"
    text = path.read_text("utf-8")
    editor.open(path.as_uri(), text)
    assert editor.found(path.as_uri()) == []
    editor.change(path.as_uri(), text.replace("level: lower", "level: lowly"))
    assert [each["code"] for each in editor.found(path.as_uri())] == ["N301"]
    assert {"lower", "upper"} <= set(labels(editor.about("completion", path.as_uri(), text, "level: lo")))


@pytest.mark.parametrize("path", SCENARIOS[:3], ids=lambda path: path.stem)
def test_a_shipped_scenario_has_nothing_wrong(editor: Editor, path: Path) -> None:
    editor.begin()
    editor.open(path.as_uri(), path.read_text("utf-8"))
    assert editor.found(path.as_uri()) == []


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1", "git:/x/pack.yaml?ref", "file://server/share/pack.yaml", "file:///c%3A/mine/pack.yaml",
        "file:///C:/mine/pack.yaml", "file:///tmp/%00.yaml", "file:relative/pack.yaml", "http://[bad", "", "file:///",
    ],
)  # fmt: skip
def test_odd_addresses_are_passed_over(editor: Editor, uri: str, project: Path) -> None:
    editor.begin()
    editor.open(uri, "rule: x\nwhen: threat.\n")
    editor.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 9}})
    answer = editor.ask(
        "textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 99, "character": 99}}
    )
    assert isinstance(answer["items"], list)
    path = project / "smoke/pack.yaml"
    editor.open(path.as_uri(), path.read_text("utf-8"))
    assert editor.found(path.as_uri()) == []


def test_files_that_are_none_of_ours_are_left_alone(editor: Editor, tmp_path: Path) -> None:
    editor.begin()
    for name in ("notes.txt", "compose.yaml", "pack.toml"):
        path = tmp_path / name
        editor.open(path.as_uri(), "services: {web: {image: nginx}}\n")
        assert editor.found(path.as_uri()) == []
        assert editor.about("hover", path.as_uri(), "services", "ser") is None


def test_a_rule_without_a_pack_is_checked_by_itself(editor: Editor, tmp_path: Path) -> None:
    editor.begin()
    path = tmp_path / "alone.yaml"
    editor.open(path.as_uri(), "rule: alone\nnature: wishful\n")
    assert "P107" in [each["code"] for each in editor.found(path.as_uri())]
    assert "when" in labels(editor.about("completion", path.as_uri(), "rule: alone\nna", "na"))


def test_a_file_that_is_deleted_while_it_is_open(editor: Editor, project: Path) -> None:
    editor.begin()
    path = project / "smoke/rules/who-can-act-leads.yaml"
    text = path.read_text("utf-8")
    editor.open(path.as_uri(), text)
    assert editor.found(path.as_uri()) == []
    path.unlink()
    editor.change(path.as_uri(), text.replace("normative", "wishful"))
    assert "P107" in [each["code"] for each in editor.found(path.as_uri())]
    (project / "smoke/pack.yaml").unlink()
    editor.change(path.as_uri(), text.replace("normative", "hopeful"))
    assert "P107" in [each["code"] for each in editor.found(path.as_uri())]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ufeffrule: a", "- - -", "{" * 500, "rule: [\n", "a: &x [*x]\n", "😀"], ids=ascii
)
def test_any_text_gets_an_answer(editor: Editor, project: Path, text: str) -> None:
    editor.begin()
    for name in ("rules/new.yaml", "pack.yaml", "seeds/smoke-source.yaml"):
        uri = (project / "smoke" / name).as_uri()
        editor.open(uri, text)
        assert editor.found(uri) != []
        position = {"line": 0, "character": 3}
        for method in ("hover", "completion", "definition", "documentSymbol"):
            editor.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position})
    assert editor.end() == 0


def test_a_file_that_is_too_large_is_refused_and_the_server_lives_on(editor: Editor, project: Path) -> None:
    editor.begin()
    path = project / "smoke/rules/huge.yaml"
    editor.open(path.as_uri(), "# " + "x" * 6_000_000)
    assert "S007" in [each["code"] for each in editor.found(path.as_uri())]
    assert editor.end() == 0


def test_rubbish_between_requests_is_survived(editor: Editor) -> None:
    editor.begin()
    body = b"{no json"
    editor.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    editor.send({"method": "no/such/note", "params": {"x": 1}})
    editor.send({"id": "odd", "method": "no/such/request", "params": None})
    assert "error" in editor.next(lambda said: said.get("id") == "odd")
    editor.tell("textDocument/didChange", {"nothing": "of use"})
    editor.tell("textDocument/didClose", {"textDocument": {"uri": "file:///never/opened.yaml"}})
    uri, text = RULE.as_uri(), RULE.read_text("utf-8")
    editor.open(uri, text)
    assert editor.found(uri) == []
    assert editor.end() == 0


def test_the_server_ends_when_the_editor_goes_away(editor: Editor) -> None:
    editor.begin()
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    assert editor.process.wait(60) in (0, 1)


def test_the_server_ends_when_it_is_told_to_while_it_waits_for_the_editor(editor: Editor) -> None:
    editor.begin()
    editor.process.terminate()
    assert editor.process.wait(60) == -signal.SIGTERM


def test_a_file_of_tests_is_checked_against_its_pack(editor: Editor, project: Path) -> None:
    editor.begin()
    path = project / "smoke/tests/first.yaml"
    path.parent.mkdir(exist_ok=True)
    text = (
        "tests:\n  - {test: t, scenario: ../../scenarios/first-scenario.yaml, expect: {fired: [who-can-act-leads]}}\n"
    )
    path.write_text(text, "utf-8")
    editor.open(path.as_uri(), text)
    assert editor.found(path.as_uri()) == []
    editor.change(path.as_uri(), text.replace("who-can-act-leads", "who-can-act-lead"))
    (found,) = editor.found(path.as_uri())
    assert (found["code"], "did you mean" in found["message"]) == ("T204", True)
    assert "undecided" in labels(editor.about("completion", path.as_uri(), text, "expect: {"))


def test_a_file_is_put_into_the_one_layout(editor: Editor, project: Path) -> None:
    editor.begin()
    path = project / "smoke/rules/who-can-act-leads.yaml"
    text = path.read_text("utf-8")
    editor.open(path.as_uri(), text.replace("threat.severity >= param", "threat.severity>=param", 1) + "\n\n")
    options = {"tabSize": 2, "insertSpaces": True}
    asked = {"textDocument": {"uri": path.as_uri()}, "options": options}
    (edit,) = editor.ask("textDocument/formatting", asked)
    assert edit["newText"] == text
    assert edit["range"]["start"] == {"line": 0, "character": 0}
    assert edit["range"]["end"]["line"] == text.count("\n") + 2
    editor.change(path.as_uri(), "rule: [")
    assert editor.ask("textDocument/formatting", asked) is None
    assert editor.end() == 0
