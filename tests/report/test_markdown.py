"""Blocks as Markdown, safe from what strangers write."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    code,
    phrase,
    strong,
)
from policyengine.report.markdown import render_markdown


def test_every_block_has_its_form() -> None:
    blocks: list[Block] = [
        Title("Report"),
        Heading("Part"),
        Paragraph(phrase("Text ", strong("bold "), code("a.b"), ".")),
        Items((Item(phrase("one"), (Item(phrase("inner")),)),)),
        Facts((("a", phrase("1")),)),
        Code("x | y"),
        Table(
            (Column("who"), Column("", "bar"), Column("n", "number")),
            (Group(((Cell("A"), Cell("", share=50), Cell("50")),), phrase("head"), (phrase("note"),)),),
            "layer",
        ),
    ]
    assert render_markdown(blocks).splitlines() == [
        "# Report", "", "## Part", "", "Text **bold** `a.b`.", "", "- one", "  - inner", "", "- a: 1", "", "```",
        "x | y", "```", "", "| layer | who | n |", "| --- | --- | ---: |", "| head | A | 50 |", "| head | note |  |",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>", r"\<script\>"),
        ("![x](http://y)", r"!\[x\](http://y)"),
        ("a | b", r"a \| b"),
        ("*a* _b_ `c` snake_case", r"\*a\* \_b\_ \`c\` snake_case"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("1. no item", r"1\. no item"),
        ("1) no item", r"1\) no item"),
        ("&amp;", r"\&amp;"),
        ("a\n\n# b", "a # b"),
        ("\x1b[31m", r"\\x1b\[31m"),
    ],
)
def test_a_strangers_markup_is_taken_for_text(text: str, shown: str) -> None:
    assert render_markdown([Paragraph(phrase(text))]) == shown + "\n"


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_cell_never_ends_a_row_early(text: str) -> None:
    table = Table((Column("a"), Column("b")), (Group(((Cell(text), Cell("x")),)),))
    row = render_markdown([table]).split("\n")[2]
    assert len(re.findall(r"(?<!\\)\|", row.replace("\\\\", ""))) == 3


def test_a_fence_is_longer_than_any_in_the_code() -> None:
    assert render_markdown([Code("a\n````\nb")]) == "`````\na\n````\nb\n`````\n"


def test_code_with_a_back_tick_or_a_bar_stays_whole() -> None:
    assert render_markdown([Paragraph(phrase(code("a`b")))]) == "``a`b``\n"
    assert render_markdown([Paragraph(phrase(code("a|b")))]) == "a\\|b\n"
