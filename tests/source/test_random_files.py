"""Whatever the bytes of a file are, it is read or refused; nothing else happens."""

import re
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from policyengine.errors import InputError, render_problems
from policyengine.source import Document

Read = Callable[..., Document]

PIECES = [
    *(
        "a",
        "b",
        ": ",
        ":",
        "- ",
        "\n",
        "\n  ",
        "\n\n",
        "\r\n",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "#",
        "? ",
        '"',
        "'",
        "\\",
        "\t",
    ),
    *("&x ", "*x", "!t ", "!", "!<", "|", ">", "|2-", ">+", "~", "null", "true", "1", ".nan", "1e999", "<<", "=", "[]"),
    *("---\n", "...\n", "%", "@", "`", '"a": ', "\ufeff", "\u2028", "\x00", "\u00e9", "\U0001f600"),
]
NAMES = st.sampled_from(["file.yaml", "file.json"])


def answer(read: Read, content: bytes, name: str) -> None:
    try:
        read(content, name).plain()
    except InputError as error:
        check_places(error, content.decode("utf-8", "replace"))


def check_places(error: InputError, text: str) -> None:
    """Every problem stands inside the file, and can be shown."""
    lines = re.split(r"\r\n?|\n", text.removeprefix("\ufeff"))
    for problem in error.problems:
        assert problem.span
        assert problem.span.column <= len(lines[max(problem.span.line - 1, 0)]) + 1
        assert (problem.span.line, problem.span.column) <= (problem.span.end_line, problem.span.end_column)
    assert "S0" in render_problems(error.problems)


@given(st.binary(), NAMES)
def test_random_bytes_are_answered(read: Read, content: bytes, name: str) -> None:
    answer(read, content, name)


@given(st.text(), NAMES)
def test_random_text_is_answered(read: Read, content: str, name: str) -> None:
    answer(read, content.encode("utf-8", "surrogatepass"), name)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), NAMES)
def test_random_pieces_of_notation_are_answered(read: Read, content: str, name: str) -> None:
    answer(read, content.encode(), name)
