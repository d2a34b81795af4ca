"""The files that could not be evaluated, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine.batch.records import Record
from policyengine.batch.tidy.columns import NAME, Column, Row, Table, text
from policyengine.batch.tidy.scenarios import SOURCE

_NO_PLACE: Final = "it is about the file as a whole"
ERRORS: Final = Table(
    "errors",
    "One problem of a file that could not be evaluated; such a file has no row in any other table.",
    ("name", "number"),
    (
        NAME,
        SOURCE,
        Column("number", "integer", "Its place among the problems of its file, the first is 0.", low=0),
        Column("code", "text", "The code of the problem, as in docs/errors.md."),
        Column("message", "text", "What is wrong."),
        Column("hint", "text", "What to do.", "nothing is proposed"),
        Column(
            "file", "text", "The file that the problem is in: the scenario, or a file of a pack.", "none in particular"
        ),
        Column("line", "integer", "The line, the first is 1.", _NO_PLACE, low=1),
        Column("column", "integer", "The column, the first is 1.", _NO_PLACE, low=1),
    ),
    None,
)


def error_rows(record: Record) -> Iterator[Row]:
    """The rows of one file that has problems."""
    for number, each in enumerate(record["problems"]):
        file = text(each["file"]) if each["file"] else None
        said = each["code"], text(each["message"]), text(each["hint"])
        yield text(record["name"]), text(record["source"]), number, *said, file, each["line"], each["column"]
