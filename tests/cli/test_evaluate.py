"""`policyengine evaluate`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from cli.conftest import ROOT, SCENARIO, Run, Start, Write

from policyengine.shipped import folder

OTHER = "trafficking-quebec-vermont"
SHIPPED = folder("scenarios")


def test_a_shipped_scenario_is_found_by_its_name(run: Run) -> None:
    shown = run("evaluate", SCENARIO)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith("Handguns by drone over the St. Clair River (2022)\n====")


def test_a_file_comes_before_a_shipped_scenario_of_its_name(run: Run, written: Write) -> None:
    path = written(title="Mine")
    path.rename(path.with_suffix(""))
    shown = run("evaluate", SCENARIO)
    assert shown.exit_code == 1
    assert "S006" in shown.stderr


def test_text_of_several_scenarios_stands_one_after_the_other(run: Run) -> None:
    text = run("evaluate", SCENARIO, OTHER).stdout
    assert text.index("Handguns by drone") < text.index("Human trafficking between")


def test_json_is_a_list_only_for_several_scenarios(run: Run) -> None:
    one = json.loads(run("evaluate", SCENARIO, "--format", "json").stdout)
    two = json.loads(run("evaluate", SCENARIO, OTHER, "--format", "json").stdout)
    assert one == two[0]
    assert [each["scenario"]["id"] for each in two] == [SCENARIO, OTHER]


def test_yaml_says_the_same_as_json(run: Run) -> None:
    for names in ([SCENARIO], [SCENARIO, OTHER]):
        data = json.loads(run("evaluate", *names, "--format", "json").stdout)
        assert yaml.safe_load(run("evaluate", *names, "--format", "yaml").stdout) == data


def test_markdown_has_tables(run: Run) -> None:
    text = run("evaluate", SCENARIO, "--format", "markdown").stdout
    assert text.startswith("# Handguns")
    assert "| --- |" in text


def test_html_is_one_page_with_the_command_that_gives_it_again(run: Run, tmp_path: Path) -> None:
    shown = run("evaluate", SCENARIO, "--pack", "competence", "--engine", "reference", "--output", "report.html")
    assert (shown.exit_code, shown.output) == (0, "")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert f"policyengine evaluate {SCENARIO} --pack competence --engine reference\n" in page


def test_one_page_holds_one_scenario(run: Run) -> None:
    shown = run("evaluate", SCENARIO, OTHER, "--format", "html")
    assert shown.exit_code == 2
    assert "one page holds one scenario" in shown.stderr


def test_both_engines_give_the_same(run: Run) -> None:
    found = [
        json.loads(run("evaluate", OTHER, "--engine", name, "--format", "json").stdout)
        for name in ("rete", "reference")
    ]
    assert [each.pop("engine")["name"] for each in found] == ["rete", "reference"]
    assert found[0] == found[1]


def test_the_stamp_gives_the_command_again(run: Run) -> None:
    text = run("evaluate", SCENARIO, "--pack", "counter-claims", "--engine", "reference").stdout
    commands = " ".join(text.replace("\\\n", " ").split())
    assert f"policyengine evaluate {SCENARIO} --pack counter-claims --engine reference policyengine explain" in commands
    assert commands.endswith(f"policyengine explain {SCENARIO} --pack counter-claims")


def test_packs_may_be_named_and_repeated(run: Run) -> None:
    shown = run("evaluate", SCENARIO, "--pack", "layered-border", "--pack", "counter-claims", "--format", "json")
    packs = [pack["id"] for pack in json.loads(shown.stdout)["packs"]]
    assert packs == ["borders", "competence", "layered-border", "counter-claims"]


def test_a_folder_may_be_a_pack(run: Run) -> None:
    examples = ROOT / "docs" / "examples"
    shown = run("evaluate", examples / "harbour-fire.yaml", "--pack", examples / "harbour")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "A tanker burns at the quay (year not given)" in shown.stdout


def test_the_packs_that_a_file_names_are_used(run: Run, scenario_text: str, tmp_path: Path) -> None:
    (tmp_path / f"{SCENARIO}.yaml").write_text(scenario_text + "\npacks: [competence]\n", "utf-8")
    packs = [pack["id"] for pack in json.loads(run("evaluate", f"{SCENARIO}.yaml", "--format", "json").stdout)["packs"]]
    assert packs == ["borders", "competence"]


def test_output_is_written_to_a_file_and_not_to_the_screen(run: Run, tmp_path: Path) -> None:
    shown = run("evaluate", SCENARIO, "--output", "report.txt")
    assert (shown.exit_code, shown.output) == (0, "")
    assert (tmp_path / "report.txt").read_text("utf-8") == run("evaluate", SCENARIO).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


@pytest.mark.parametrize(
    ("name", "form"), [("x.json", "json"), ("x.yaml", "yaml"), ("x.yml", "yaml"), ("x.md", "markdown"), ("x", "text")]
)
def test_the_ending_of_the_output_chooses_the_format(run: Run, tmp_path: Path, name: str, form: str) -> None:
    run("evaluate", SCENARIO, "--output", name)
    assert (tmp_path / name).read_text("utf-8") == run("evaluate", SCENARIO, "--format", form).stdout


def test_a_format_named_comes_before_the_ending(run: Run, tmp_path: Path) -> None:
    run("evaluate", SCENARIO, "--output", "x.md", "--format", "json")
    assert json.loads((tmp_path / "x.md").read_text("utf-8"))


def test_an_input_is_not_written_over(run: Run, written: Write, tmp_path: Path) -> None:
    path = written()
    before = path.read_bytes()
    (tmp_path / "link.yaml").symlink_to(path)
    os.link(path, tmp_path / "hard.yaml")
    for name in (path.name, "link.yaml", "hard.yaml", f"./{path.name}"):
        shown = run("evaluate", path.name, "--output", name)
        assert shown.exit_code == 2
        assert "would write over a file that is read here" in shown.stderr
    assert path.read_bytes() == before


def test_a_pack_is_not_written_over(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "harbour"
    examples = ROOT / "docs" / "examples"
    for path in (examples / "harbour").rglob("*.yaml"):
        target = pack / path.relative_to(examples / "harbour")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    shown = run("evaluate", examples / "harbour-fire.yaml", "--pack", "harbour", "--output", "harbour/pack.yaml")
    assert shown.exit_code == 2


def test_an_output_that_cannot_be_written_is_one_line(run: Run) -> None:
    shown = run("evaluate", SCENARIO, "--output", "no/such/folder.txt")
    assert (shown.exit_code, shown.stderr) == (
        1,
        "policyengine: cannot write 'no/such/folder.txt': No such file or directory\n",
    )


def test_all_problems_of_all_files_are_told_and_nothing_is_written(run: Run, written: Write, tmp_path: Path) -> None:
    first, second = written("first", level="level: realm"), written("second", level="level: empire")
    shown = run("evaluate", SCENARIO, first.name, second.name, "missing.yaml", "--output", "out.json")
    assert (shown.exit_code, shown.stdout) == (1, "")
    for part in ("first.yaml:", "second.yaml:", "missing.yaml", '"realm"', '"empire"'):
        assert part in shown.stderr
    assert not (tmp_path / "out.json").exists()


def test_a_problem_of_a_pack_is_told_once(run: Run) -> None:
    shown = run("evaluate", SCENARIO, OTHER, "--pack", "no-such-pack")
    assert shown.exit_code == 1
    assert shown.stderr.count("no-such-pack") == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sparse", f"did you mean '{SCENARIO}'?"),
        ("sparse-new-thraet", f"did you mean '{SCENARIO}'?"),
        ("zzz", "policyengine scenarios list"),
    ],
)
def test_an_unknown_scenario_gets_the_near_name(run: Run, name: str, hint: str) -> None:
    shown = run("evaluate", name)
    assert shown.exit_code == 1
    assert f"no shipped scenario '{name}'" in shown.stderr
    assert hint in shown.stderr


@pytest.mark.parametrize(
    "arguments", [[], [SCENARIO, "--format", "pdf"], [SCENARIO, "--engine", "magic"], [SCENARIO, "--no-such-option"]]
)
def test_wrong_use_ends_with_2(run: Run, arguments: list[str]) -> None:
    shown = run("evaluate", *arguments)
    assert shown.exit_code == 2
    assert "Try 'policyengine evaluate --help'" in shown.stderr


def test_a_strangers_text_cannot_style_the_terminal(run: Run, written: Write) -> None:
    path = written(title='"[red]Alert[/] \\u001b[31m \\u202e"', actor='"[/]"')
    shown = run("evaluate", path.name)
    assert shown.exit_code == 0, shown.output
    assert "[red]Alert[/] \\x1b[31m \\u202e" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "\x1b" not in run("evaluate", path.name, "--format", "json").stdout


def test_wide_letters_and_long_names_keep_the_table_straight(run: Run, written: Write) -> None:
    for name in (
        "安大略省政府",
        "A ministry with a name that is far longer than any column of any table could ever hold",
    ):
        text = run("evaluate", written(actor=name).name).stdout
        assert name in " ".join(text.split())


def test_many_jurisdictions_are_bearable(run: Run, scenario_text: str, tmp_path: Path) -> None:
    more = "".join(f"  - {{id: X-{n}, name: Province {n}, level: provincial, side: CA}}\n" for n in range(12))
    (tmp_path / f"{SCENARIO}.yaml").write_text(scenario_text.replace("\nthreats:\n", f"\n{more}\nthreats:\n"), "utf-8")
    shown = run("evaluate", f"{SCENARIO}.yaml")
    assert shown.exit_code == 0, shown.output
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())


def test_json_is_the_same_from_any_folder_and_holds_no_path(run: Run, start: Start) -> None:
    path = (SHIPPED / f"{SCENARIO}.yaml").resolve()
    by_name, by_path = start("evaluate", SCENARIO, "--format", "json"), start("evaluate", path, "--format", "json")
    assert by_name.stdout == by_path.stdout == run("evaluate", path, "--format", "json").stdout_bytes
    assert by_name.stdout.endswith(b"}\n")
    assert str(Path(path).parent.parent).encode() not in by_name.stdout
