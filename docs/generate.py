"""Write the pages that are made from the package: the language, the errors, and the README's real output.

Run `python docs/generate.py` after a change of operators, codes, rules or reports; a test compares.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from policyengine.batch.tidy.dictionary import tables_schema
from policyengine.errors.codes import CODES
from policyengine.lang.check import MOST_NESTED_QUANTIFIERS
from policyengine.lang.operators import OPERATORS
from policyengine.lang.parse import MOST_CHARACTERS, MOST_DEPTH
from policyengine.rulebook.file_schema import KINDS, file_schema
from policyengine.scaffold.schema_line import schema_line

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from field_tables import fields_page  # noqa: E402 - it stands beside this file
from performance_page import performance_page  # noqa: E402 - so does this
from walkthrough import carry_out, environment  # noqa: E402 - so does this

NOTES = HERE / "validation-notes.yaml"
AREAS = {
    "S": "The text of a file",
    "N": "Scenarios",
    "L": "The condition language",
    "P": "Packs and rules",
    "C": "Claims and sources",
    "R": "The quality of rules (`policyengine rules check`)",
    "T": "Tests of rules",
    "E": "The environment",
}


def language() -> str:
    """The reference of the condition language."""
    rows = [
        f"| `{_cell(row.form)}` | {row.gives} | {_cell(row.means)} | {_cell(row.unknown)} |"
        for row in OPERATORS.values()
    ]
    head = (
        (HERE / "templates" / "language.md")
        .read_text("utf-8")
        .format(depth=MOST_DEPTH, characters=MOST_CHARACTERS, quantifiers=MOST_NESTED_QUANTIFIERS)
    )
    table = ["## Operators", "", "| written | gives | meaning | unknown values |", "|---|---|---|---|", *rows]
    return head.rstrip() + "\n\n" + "\n".join(table) + "\n"


def errors() -> str:
    """The table of error codes."""
    lines = [
        "# Errors",
        "",
        "Every error carries a code that keeps its meaning. This page is made from the table in the package.",
    ]
    for letter, area in AREAS.items():
        found = {code: advice for code, advice in CODES.items() if code.startswith(letter)}
        if found:
            lines += ["", f"## {letter}: {area}", "", "| code | what is wrong | what to do |", "|---|---|---|"]
            lines += [
                f"| {code} | {_cell(advice.title)} | {_cell(advice.what_to_do)} |" for code, advice in found.items()
            ]
    return "\n".join(lines) + "\n"


def fields() -> str:
    """The tables of all fields, from the published formats."""
    head = (HERE / "templates" / "fields.md").read_text("utf-8")
    return fields_page({kind: file_schema(kind) for kind in KINDS}, head)


def readme() -> str:
    """The README, with what each of its commands prints now."""
    return _with_outputs((HERE.parent / "README.md").read_text("utf-8"))


def cookbook() -> str:
    """The cookbook, with the rule files that it shows as they are."""
    return _with_files("cookbook.md")


def rule_tests() -> str:
    """The page on tests of rules, with the file that it shows as it is."""
    return _with_files("rule-tests.md")


def decision_tables() -> str:
    """The page on decision tables, with the files that it shows; its mistakes are made in a copy of the pack."""
    page = _with_files("decision-tables.md")
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(HERE / "examples" / "water", Path(folder) / "water"))
        shutil.copy(HERE / "examples" / "table-mistakes.csv", copy / "rules" / "bring-water.csv")
        command = r"```console\n\$ (policyengine rules check water)\n(?:.*\n)*?```"
        return re.sub(command, lambda block: _console(block, Path(folder)), page)


def _with_files(page: str) -> str:
    """A page with the files that it names and the outputs of its commands."""
    text = re.sub(
        r"<!-- file: (\S+) -->\n```(yaml|csv)\n(?:.*\n)*?```",
        lambda found: f"<!-- file: {found[1]} -->\n```{found[2]}\n{(HERE.parent / found[1]).read_text('utf-8')}```",
        (HERE / page).read_text("utf-8"),
    )
    return _with_outputs(text)


def _with_outputs(text: str) -> str:
    return re.sub(r"```console\n\$ (.+)\n(?:.*\n)*?```", _console, text)


def _console(block: re.Match[str], folder: Path = HERE.parent) -> str:
    done = subprocess.run(  # noqa: S602 - our own README
        block[1], shell=True, capture_output=True, text=True, cwd=folder, env=environment(), check=False
    )
    return f"```console\n$ {block[1]}\n{(done.stdout + done.stderr).rstrip()}\n```"


def tables() -> str:
    """The page on many evaluations, with what its command prints."""
    return carry_out((HERE / "tables.md").read_text("utf-8"))


def batch_tables() -> str:
    """The page on the tables of batches, with what its programs print over the shipped scenarios."""
    return carry_out((HERE / "batch-tables.md").read_text("utf-8"), HERE.parent / "scenarios")


def first_rule() -> str:
    """The first rule, step by step from an empty folder."""
    return carry_out((HERE / "first-rule.md").read_text("utf-8"))


def changing_rules() -> str:
    """What a change of rules means, step by step from an empty folder."""
    return carry_out((HERE / "changing-rules.md").read_text("utf-8"))


def validation() -> str:
    """The hindcast over the shipped cases, with a remark on each miss."""
    command = [sys.executable, "-m", "policyengine", "hindcast", "--format", "markdown", "--notes", str(NOTES)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    made = "Made by `policyengine hindcast --format markdown --notes docs/validation-notes.yaml`."
    why = (HERE / "templates" / "validation-why.md").read_text("utf-8")
    report = found.stdout.rstrip().replace("\n## Case by case", f"\n{why}\n## Case by case", 1)
    return f"{report}\n\n{made} What no rule can express yet stands in [limits](limits.md).\n"


def performance() -> str:
    """The page on speed and memory, from the figures of benchmarks."""
    results = HERE.parent / "benchmarks" / "results"
    figures, rivals = (json.loads((results / f"{name}.json").read_text("utf-8")) for name in ("growth", "rivals"))
    return performance_page(figures, rivals, (HERE / "templates" / "performance.md").read_text("utf-8"))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


PAGES = {
    "docs/language.md": language,
    "docs/errors.md": errors,
    "docs/fields.md": fields,
    "docs/cookbook.md": cookbook,
    "docs/first-rule.md": first_rule,
    "docs/changing-rules.md": changing_rules,
    "docs/rule-tests.md": rule_tests,
    "docs/decision-tables.md": decision_tables,
    "docs/tables.md": tables,
    "docs/batch-tables.md": batch_tables,
    "README.md": readme,
    "docs/validation.md": validation,
    "docs/performance.md": performance,
}

SCHEMAS = {f"schemas/{kind}.json": kind for kind in KINDS}


def schema(kind: str) -> str:
    """The published format of a kind of file."""
    return json.dumps(file_schema(kind), indent=2, ensure_ascii=False) + "\n"


def tables_format() -> str:
    """The published format of the tables of a batch."""
    return json.dumps(tables_schema(), indent=2, ensure_ascii=False) + "\n"


def schema_lines() -> dict[Path, str]:
    """The shipped files that lack the line by which editors find their format, with their text as it should be."""
    root = HERE.parent
    files = dict.fromkeys(root.glob("scenarios/*.yaml"), "scenario")
    files |= dict.fromkeys([*root.glob("seeds/*.yaml"), *root.glob("rules/*/seeds/*.yaml")], "source")
    files |= {path: "rule" for path in root.glob("rules/*/*/*.yaml") if path.parent.name not in ("seeds", "tests")}
    files |= dict.fromkeys(root.glob("rules/*/pack.yaml"), "pack")
    files |= dict.fromkeys([*root.glob("rules/*/tests/*.yaml"), *root.glob("docs/examples/*/tests/*.yaml")], "test")
    lines = {path: schema_line(path, kind) for path, kind in files.items()}
    texts = {path: path.read_text("utf-8") for path in files}
    return {path: lines[path] + text for path, text in texts.items() if not text.startswith(lines[path])}


if __name__ == "__main__":
    for name, kind in SCHEMAS.items():
        (HERE.parent / name).write_text(schema(kind), "utf-8")
    (HERE.parent / "schemas" / "tables.json").write_text(tables_format(), "utf-8")
    for path, text in schema_lines().items():
        path.write_text(text, "utf-8")
    for name, page in PAGES.items():
        (HERE.parent / name).write_text(page(), "utf-8")
