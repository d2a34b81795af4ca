"""Decision tables in workbooks: their cells are read as those of any table, and nothing else of a workbook is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from rulebook.conftest import LoadPack, PackProblems, WritePacks
from rulebook.test_tables import CSV, FILE

from policyengine.errors import CellSpan, Problem, render_problem
from policyengine.report.findings import findings_data, sarif
from policyengine.rulebook.loading import load_rulebook

RULE = FILE.replace("smoke.csv", "smoke.xlsx")
ROWS: list[list[Any]] = [
    ["case", "threat.kind", "threat.severity >=", "threat.attributes.watched", "layer", "points"],
    ["mild", "fire, flood", "-", None, "field", 1],
    ["dense", "fire", 0.6, True, "desk", 2.5],
]
Change = Callable[[Any], object]


def a_workbook(rows: list[list[Any]] | None = None, change: Change = lambda _: None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cases"
    for row in ROWS if rows is None else rows:
        sheet.append(row)
    change(sheet)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def repacked(change: Callable[[str, bytes], bytes], *more: tuple[str, bytes]) -> bytes:
    """A workbook of which the parts are changed."""
    made = BytesIO()
    with ZipFile(BytesIO(a_workbook())) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in more:
            new.writestr(name, data)
    return made.getvalue()


@pytest.fixture
def put(write_packs: WritePacks, tmp_path: Path) -> Callable[[bytes], Path]:
    def write(data: bytes) -> Path:
        write_packs({"mine/a/smoke.yaml": RULE})
        (tmp_path / "mine/a/smoke.xlsx").write_bytes(data)
        return tmp_path / "mine"

    return write


@pytest.fixture
def told(put: Callable[[bytes], Path], pack_problems: PackProblems) -> Callable[[bytes], tuple[Problem, ...]]:
    def problems(data: bytes) -> tuple[Problem, ...]:
        put(data)
        return pack_problems({"smoke": RULE})

    return problems


def test_the_rows_of_the_first_sheet_are_rules(put: Callable[[bytes], Path]) -> None:
    dense, mild = load_rulebook([put(a_workbook())]).rules
    common = '(jurisdiction.level == "upper") and threat.kind'
    assert mild.when_text == f'{common} in ("fire", "flood")'
    assert dense.when_text == f'{common} == "fire" and threat.severity >= 0.6 and threat.attributes.watched'
    assert [rule.effects[0].target for rule in (dense, mild)] == ["desk", "field"]


def test_a_workbook_says_what_a_csv_file_says(load_pack: LoadPack, put: Callable[[bytes], Path]) -> None:
    rows = [[cell.strip('"') for cell in line.split(";")] for line in CSV.removeprefix("\ufeff").split("\r\n")]
    as_csv = load_pack({"smoke": FILE, "mine/a/smoke.csv": CSV}).rules
    as_workbook = load_rulebook([put(a_workbook(rows))]).rules
    assert [(rule.id, rule.when, rule.effects) for rule in as_csv] == [
        (rule.id, rule.when, rule.effects) for rule in as_workbook
    ]


def test_the_fingerprint_of_a_pack_covers_its_workbooks(put: Callable[[bytes], Path]) -> None:
    before = load_rulebook([put(a_workbook())]).packs[0].sha256
    after = load_rulebook([put(a_workbook([*ROWS[:2], ["dense", "fire", 0.7, True, "desk", 2.5]]))]).packs[0].sha256
    assert before != after


def _set(cell: str, value: Any) -> Change:
    return lambda sheet: sheet.__setitem__(cell, value)


def _hide_column(sheet: Any) -> None:
    sheet.column_dimensions["C"].hidden = True


def _hide_row(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_set("B3", "fier"), "Cases!B3: L205"),
        (_set("C3", "=0.3+0.3"), "Cases!C3: P611 this cell holds a formula"),
        (_set("C3", date(2024, 1, 2)), "Cases!C3: P611 this cell holds a date"),
        (_set("C3", "#DIV/0!"), "Cases!C3: P611 this cell holds the error"),
        (_set("C3", "x" * 4_001), "Cases!C3: P611 this cell holds more than 4,000"),
        (_set("A3", "mild"), "Cases!A3: P606"),
        (_set("D1", "a thing"), "Cases!D1: P603"),
        (_set("G3", "more"), "Cases!A3: P605"),
        (lambda sheet: sheet.merge_cells("B2:B3"), "Cases!B2: P611 the cells B2:B3 are merged"),
        (_hide_column, "Cases!C1: P611 column C is hidden"),
        (_hide_row, "Cases!A3: P611 row 3 is hidden"),
    ],
)
def test_a_mistake_names_its_sheet_and_cell(
    told: Callable[[bytes], tuple[Problem, ...]], tmp_path: Path, change: Change, place: str
) -> None:
    (problem,) = told(a_workbook(change=change))
    assert str(problem).startswith(f"{tmp_path}/mine/a/smoke.xlsx:{place}")
    assert isinstance(problem.span, CellSpan)
    assert render_problem(problem).count("\n") == bool(problem.hint)
    (found,) = findings_data([problem])["findings"]
    assert found["cell"] == problem.span.cell
    (result,) = sarif([problem], tmp_path)["runs"][0]["results"]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "mine/a/smoke.xlsx"}}}]
    assert result["message"]["text"].startswith(f"{problem.span.cell}: ")


def _with_dtd(name: str, part: bytes) -> bytes:
    if name != "xl/worksheets/sheet1.xml":
        return part
    lines = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{lines}]>'.encode() + part


def _in_utf_16(name: str, part: bytes) -> bytes:
    return part if name != "xl/workbook.xml" else part.decode().encode("utf-16")


def _bomb(name: str, part: bytes) -> bytes:
    return part if name != "xl/worksheets/sheet1.xml" else part + b" " * 20_000_000


def _far(_: str, part: bytes) -> bytes:
    return part.replace(b'r="C3"', b'r="XFD1048576"').replace(b'<row r="3"', b'<row r="1048576"')


def _all_hidden(name: str, part: bytes) -> bytes:
    return part.replace(b'state="visible"', b'state="hidden"') if name == "xl/workbook.xml" else part


def _cut(name: str, part: bytes) -> bytes:
    return part[: len(part) // 2] if name == "xl/worksheets/sheet1.xml" else part


def _as_it_is(_: str, part: bytes) -> bytes:
    return part


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no Excel workbook"),
        (b"case;threat.kind\n", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "no Excel workbook"),
        (a_workbook()[:3_000], "no Excel workbook"),
        (repacked(_cut), "no Excel workbook"),
        (repacked(_with_dtd), "declares entities"),
        (repacked(_in_utf_16), "declares entities or is not UTF-8"),
        (repacked(_bomb), "too large: unpacked"),
        (repacked(_as_it_is, *((f"xl/media/{i}.png", b"") for i in range(1_000))), "too large: unpacked"),
        (repacked(_far), "goes on to row 1,048,576, column 16,384"),
        (repacked(_all_hidden), "no sheet that is shown"),
        (a_workbook([["case"] * 51]), "column 51; at most 1,000 rows below the headings and 50 columns"),
        (a_workbook([]), "is empty"),
    ],
)
def test_a_workbook_that_cannot_be_used_is_one_problem(
    told: Callable[[bytes], tuple[Problem, ...]], data: bytes, message: str
) -> None:
    (problem,) = told(data)
    assert problem.code in ("P601", "P602")
    assert message in problem.message
    assert problem.hint
    assert problem.span is not None
    assert problem.span.line == 6


def test_what_cells_do_not_need_is_not_even_unpacked(put: Callable[[bytes], Path]) -> None:
    parts = ("xl/drawings/drawing1.xml", "xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "../../out.xml")
    data = repacked(_as_it_is, *((name, b"<!DOCTYPE x>" + bytes(11_000_000)) for name in parts))
    assert len(load_rulebook([put(data)]).rules) == 2


def test_the_first_sheet_that_is_shown_is_read(put: Callable[[bytes], Path]) -> None:
    def more(sheet: Any) -> None:
        notes = sheet.parent.create_sheet("Notes", 0)
        notes.append(["anything", "at all"])
        notes.sheet_state = "hidden"
        sheet.parent.create_sheet("Later").append(["of", "no", "use"])

    assert len(load_rulebook([put(a_workbook(change=more))]).rules) == 2


def test_a_link_out_of_the_pack_is_refused(pack_problems: PackProblems, tmp_path: Path) -> None:
    (tmp_path / "out.xlsx").write_bytes(a_workbook())
    (tmp_path / "mine/a").mkdir(parents=True)
    (tmp_path / "mine/a/smoke.xlsx").symlink_to(tmp_path / "out.xlsx")
    assert [problem.code for problem in pack_problems({"smoke": RULE})] == ["P503"]


def test_without_the_library_the_way_to_get_it_is_told(
    told: Callable[[bytes], tuple[Problem, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (problem,) = told(a_workbook())
    assert "openpyxl, which is not installed" in problem.message
    assert problem.hint == "pip install 'layered-policyengine[xlsx]', or save the sheet as CSV"
