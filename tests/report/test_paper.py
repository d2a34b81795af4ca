"""What can be shown where."""

import io

import pytest

from policyengine.report.paper import Paper, paper_for, write_data, write_text


class Terminal(io.StringIO):
    """Text that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Québec – 漢 “x” … œ"),
        ("ascii", 'Quebec - ?? "x" ... oe'),
        ("iso8859-1", 'Québec - ?? "x" ... oe'),
        ("cp1252", "Québec – ?? “x” … œ"),
    ],
)
def test_a_text_fits_the_encoding(encoding: str, text: str) -> None:
    assert Paper(encoding=encoding).fit("Québec – 漢 “x” … œ") == text


@pytest.mark.parametrize(("encoding", "draws"), [("utf-8", True), ("ascii", False), ("iso8859-1", False)])
def test_blocks_are_drawn_only_where_they_exist(encoding: str, draws: bool) -> None:
    assert Paper(encoding=encoding).draws is draws


def test_a_pipe_gets_80_columns_without_colour() -> None:
    assert paper_for(io.StringIO(), {"TERM": "xterm"}) == Paper(80, colour=False, encoding="utf-8")


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({}, False)],
)
def test_colour_only_on_a_terminal_that_may_have_it(environment: dict[str, str], colour: bool) -> None:
    assert paper_for(Terminal(), environment).colour is colour


@pytest.mark.parametrize(("columns", "width"), [("30", 60), ("90", 90), ("300", 100)])
def test_a_terminal_is_used_within_reason(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert paper_for(Terminal(), {}).width == width


def test_text_is_written_with_the_characters_of_the_stream() -> None:
    octets = io.BytesIO()
    stream = io.TextIOWrapper(octets, encoding="ascii")
    write_text(stream, "Québec\n")
    assert octets.getvalue() == b"Quebec\n"


def test_data_is_always_utf_8() -> None:
    octets = io.BytesIO()
    stream = io.TextIOWrapper(octets, encoding="ascii")
    write_data(stream, "Québec\n")
    assert octets.getvalue().decode() == "Québec\n"


def test_a_stream_without_octets_is_written_too() -> None:
    stream = io.StringIO()
    write_text(stream, "Québec\n")
    write_text(None, "nobody hears this")
    assert stream.getvalue() == "Québec\n"
    assert paper_for(None) == Paper()
