"""Every command explains itself, with examples that run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pyarrow as pa
import pytest
from batch.remote.conftest import a_table
from cli.conftest import Run
from conftest import SCENARIOS
from pyarrow import parquet

from policyengine.cli.evaluate import ENGINES
from policyengine.cli.lazy import Documented
from policyengine.cli.main import COMMANDS, cli
from policyengine.cli.shipped_names import fill
from policyengine.engines.interface import DEFAULT
from policyengine.engines.interface import ENGINES as BUILT
from policyengine.shipped import folder


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


ALL = dict(commands(cli))
EXAMPLES = sorted(
    {example for command in ALL.values() if isinstance(command, Documented) for example in map(fill, command.examples)}
)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_says_what_it_does_and_shows_an_example(path: tuple[str, ...], run: Run) -> None:
    for flag in ("-h", "--help"):
        shown = run(*path, flag)
        assert shown.exit_code == 0
        assert "Examples:\n  policyengine " in shown.output
        assert shown.output.splitlines()[2].strip()


@pytest.mark.parametrize("path", [path for path in ALL if path], ids=" ".join)
def test_the_short_help_is_not_cut(path: tuple[str, ...]) -> None:
    assert not ALL[path].get_short_help_str(limit=56).endswith("...")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_is_explained(path: tuple[str, ...]) -> None:
    options = [option for option in ALL[path].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs(example: str, run: Run, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "s3://bucket/in" in example:
        request.getfixturevalue("bucket").put("in/a.parquet", a_table(10, name="param.co_lead_margin"))
    if "--cluster" in example:
        pytest.importorskip("distributed")
    if "copy.txt" in example:
        (tmp_path / "copy.txt").write_text("Some other text.\n", "utf-8")
    if "variations.parquet" in example:
        parquet.write_table(pa.table({"param.co_lead_margin": [5.0, 20.0]}), tmp_path / "variations.parquet")
    if "--pack my-pack" in example:
        assert run("init", ".", "--pack", "my-pack").exit_code == 0
    else:
        (tmp_path / "scenarios").symlink_to(folder("scenarios"))
    shown = run(*shlex.split(example)[1:])
    # These two end with 1 where they find something, as the examples may.
    finds = "verify" in example or " compare " in example
    assert shown.exit_code in ((0, 1) if finds else (0,)), shown.output
    assert "Traceback" not in shown.output
    assert "{" not in example


def test_the_engines_offered_are_those_that_there_are() -> None:
    assert (sorted(ENGINES), ENGINES[0]) == (sorted(BUILT), DEFAULT)


def test_every_command_stands_in_a_module_of_its_name() -> None:
    assert {name: module.rpartition(".")[2].replace("_", "-") for name, module in COMMANDS.items()} == {
        name: name for name in COMMANDS
    }


def test_the_root_says_how_commands_end_and_how_to_complete_names(run: Run) -> None:
    text = " ".join(run("--help").output.split())
    assert "_POLICYENGINE_COMPLETE=bash_source policyengine" in text
    assert "3 for a fault of policyengine" in text


def test_the_version_comes_with_the_engines(run: Run) -> None:
    shown = run("--version").output
    assert shown.startswith("policyengine ")
    assert "engine rete: available, the default" in shown
    assert "engine reference: available" in shown


def test_examples_name_what_is_shipped() -> None:
    assert fill("{scenario}") in [path.stem for path in SCENARIOS]
    assert (folder("rules") / fill("{pack}") / "pack.yaml").is_file()
    assert fill("no name") == "no name"
