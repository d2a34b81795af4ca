"""Blocks as plain text."""

from hypothesis import given
from hypothesis import strategies as st

from policyengine.errors.width import width
from policyengine.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Facts,
    Group,
    Heading,
    Item,
    Items,
    Paragraph,
    Table,
    Title,
    phrase,
    strong,
)
from policyengine.report.paper import Paper
from policyengine.report.text import render_text
from policyengine.report.text_table import bar

PAPER = Paper()
ASCII = Paper(encoding="ascii")
NAMES = st.text(st.characters(codec="utf-8"), max_size=90)
KINDS = st.sampled_from(["text", "words", "number", "bar"])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = tuple(draw(st.lists(st.builds(Column, NAMES, KINDS), min_size=1, max_size=6)))
    cells = st.builds(Cell, NAMES, share=st.none() | st.integers(0, 100))
    rows = st.lists(st.tuples(*[cells] * len(columns)), max_size=4).map(tuple)
    notes = st.lists(NAMES.map(phrase), max_size=2).map(tuple)
    return Table(columns, tuple(draw(st.lists(st.builds(Group, rows, NAMES.map(phrase), notes), max_size=3))))


@given(tables())
def test_a_table_fits_on_the_paper(table: Table) -> None:
    for line in render_text([table], PAPER).splitlines():
        assert width(line) <= 80
        assert line == line.rstrip()


def test_what_a_stranger_calls_markup_is_shown_as_it_stands() -> None:
    blocks: list[Block] = [
        Title("[red]Alert[/]"),
        Paragraph(phrase("[/] {x} <b> **y**")),
        Table((Column("[b]"),), (Group(((Cell("[/red]"),),)),)),
    ]
    text = render_text(blocks, PAPER)
    assert [part for part in ("[red]Alert[/]", "[/] {x} <b> **y**", "[b]", "[/red]") if part not in text] == []


def test_every_block_has_its_form() -> None:
    blocks: list[Block] = [
        Title("Report"),
        Heading("Part"),
        Paragraph(phrase("Text.")),
        Items((Item(phrase("one"), (Item(phrase("inner")),)), Item(phrase("two")))),
        Heading("Small", 2),
        Facts((("a", phrase("1")), ("long", phrase("2")))),
        Code("if x:\n  y"),
    ]
    assert render_text(blocks, ASCII).splitlines() == [
        "Report", "======", "", "", "Part", "----", "Text.", "", "- one", "  - inner", "- two", "", "Small", "a     1",
        "long  2", "", "  if x:", "    y",
    ]  # fmt: skip


def test_a_long_command_runs_on_after_a_backslash() -> None:
    words = " ".join(["policyengine", "evaluate", *["--pack some-pack-with-a-name"] * 4])
    lines = render_text([Code(words, command=True)], PAPER).splitlines()
    assert len(lines) > 1
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert " ".join(line.removesuffix("\\").strip() for line in lines) == words


def test_a_bar_is_as_long_as_its_share() -> None:
    assert [bar(share, 10, PAPER) for share in (0, 100, 50, 5, 1)] == ["", "█" * 10, "█" * 5, "▌", "▏"]
    assert [bar(share, 10, ASCII) for share in (0, 100, 54, 56)] == ["", "#" * 10, "#" * 5, "#" * 6]


def test_the_widest_text_is_cut_and_numbers_are_not() -> None:
    table = Table((Column("who"), Column("n", "number")), (Group(((Cell("x" * 200), Cell("123456789")),)),))
    assert render_text([table], PAPER).splitlines()[1] == "x" * 68 + "…  123456789"


def test_a_group_has_its_head_above_and_its_notes_below() -> None:
    group = Group(((Cell("row"),),), phrase(strong("Head"), ": flag"), (phrase("note"),))
    assert render_text([Table((Column("title"),), (group,))], PAPER) == "  title\nHead: flag\n  row\n  note\n"
