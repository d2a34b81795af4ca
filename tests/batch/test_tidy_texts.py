"""Texts in tables: never a formula, whatever they begin with, and always to be had back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from batch.tidy_reading import raw_cells
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from policyengine.batch.tidy.columns import MOST_CHARACTERS, Column, Table, text
from policyengine.batch.tidy.forms import FORMS
from policyengine.batch.tidy.neutral import as_it_was, neutral

TABLE = Table(
    "texts",
    "A text.",
    ("number",),
    (
        Column("number", "integer", "A number, negative ones among them."),
        Column("amount", "number", "Another one."),
        Column("text", "text", "A text.", "it is empty"),
    ),
    None,
)
SIGNS = (
    "=",
    "+",
    "-",
    "@",
    "'",
    "''=",
    "\t=",
    "\r",
    "\n=",
    " =",
    "\u00a0=",
    "＝",
    "＋",
    "－",
    "＠",
    "<r>",
    "<r><t>x</t></r>",
)
escapes = st.lists(st.sampled_from(("_", "x0041", "x005F", "x000d", "_x0042_", "_x12_", "a")), max_size=9).map("".join)
hostile = st.builds(str.__add__, st.sampled_from(("", *SIGNS)), st.text(max_size=30) | escapes)


def written(folder: Path, rows: list[tuple[Any, ...]]) -> None:
    """Write one table in each format."""
    for form in FORMS.values():
        with form()(folder, [TABLE]) as files:
            files.add(TABLE, rows)
            files.finish()


def formula(cell: str) -> bool:
    """What spreadsheets go by."""
    return cell.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") or cell[:1] in ("\t", "\r", "\n")


@given(st.lists(hostile, min_size=1, max_size=8))
@settings(max_examples=150)
@example([*SIGNS, *(f"{sign}cmd|' /C calc'!A1" for sign in SIGNS)])
@example(["_x0041_x0042_", "_x005F_x005F_x005F_", "__x0041__x0042_x0043_", "_x0041_\x01x0042_"])
@example(["_x000D_", "a\x01b", "]]>", '"', 'a"b,c', "\ud800", "\ufffe", " blanks ", "line\r\nline"])
def test_any_text_comes_back_and_none_is_a_formula(tmp_path_factory: pytest.TempPathFactory, given: list[str]) -> None:
    folder = tmp_path_factory.mktemp("texts")
    texts = [text(each) for each in given]
    rows = [(-number, -number / 8, each) for number, each in enumerate(texts)]
    written(folder, rows)
    for cells in (csv_cells(folder), book_cells(folder)):
        assert [float(cell[0]) for cell in cells] == [row[0] for row in rows]
        assert [float(cell[1]) for cell in cells] == [row[1] for row in rows]
        assert not any(formula(cell[2]) for cell in cells if cell[2])
        assert [as_it_was(cell[2]) if cell[2] else None for cell in cells] == texts


def csv_cells(folder: Path) -> list[Any]:
    data = (folder / "texts.csv").read_bytes().decode()
    return list(csv.reader(io.StringIO(data, newline="")))[1:]


def book_cells(folder: Path) -> list[Any]:
    """The cells of the workbook, with the escapes of control characters that only Excel undoes."""
    rows = raw_cells(folder, "texts")[1:]
    return [(number, amount, unescape(cell) if isinstance(cell, str) else cell) for number, amount, cell in rows]


@given(hostile)
def test_what_is_made_harmless_can_be_turned_back(given: str) -> None:
    assert as_it_was(neutral(given)) == given
    assert not formula(neutral(given))


@pytest.mark.parametrize("plain", ["CA-QC", "Québec", "1 = 1", "a@b", "⟨=⟩", "🚢 harbour", "مرحبا", "<b>"])
def test_ordinary_texts_stay_as_they_are(plain: str) -> None:
    assert neutral(plain) == plain


def test_workbooks_hold_no_formula_and_no_link(tmp_path: Path) -> None:
    from zipfile import ZipFile

    written(
        tmp_path,
        [(1, 1.0, each) for each in ("=1+1", "{=1}", "http://example.org", "internal:a!A1", "<r><f>1</f></r>")],
    )
    with ZipFile(tmp_path / "tables.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "&lt;r&gt;&lt;f&gt;" in sheet


def test_long_texts_are_cut_with_a_sign() -> None:
    assert text("🚢" * MOST_CHARACTERS) == "🚢" * MOST_CHARACTERS
    assert text("🚢" * (MOST_CHARACTERS + 1)) == "🚢" * MOST_CHARACTERS + "…"


def test_the_longest_text_fits_into_a_cell(tmp_path: Path) -> None:
    longest = text("🚢" * (MOST_CHARACTERS + 1))
    written(tmp_path, [(1, 1.0, longest)])
    assert book_cells(tmp_path)[0][2] == longest
