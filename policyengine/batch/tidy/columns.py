"""What a tidy table is: its columns with their types and meanings, and how the rows of one scenario are made.

Two rules hold for every cell of every table. A cell that has no value is null, and what that means stands with its
column; no cell holds an empty text, so that CSV loses nothing. And a text fits into a cell of a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from policyengine.batch.writers import Evaluated

FORMAT: Final = "policyengine-tables/1"
"""Its number grows when a column goes away or means something else; a new column or table does not change it."""
MOST_CHARACTERS: Final = 16_000
"""Of a text that is longer, so many are kept: a cell of a workbook has room for 32,767 units of UTF-16."""
_UNFIT: Final = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")

Kind = Literal["text", "integer", "number", "boolean"]
Value = str | int | float | bool | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `empty` says what null means, and is "" where there is none; `low` and `high` are its limits."""

    name: str
    kind: Kind
    means: str
    empty: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One table: `a_row_is` says what a row stands for, `key` names the columns that no two rows have alike.

    `rows` makes the rows of one scenario without the columns of `HEAD`, which every row of it shares; a table
    without it is made of what went wrong.
    """

    name: str
    a_row_is: str
    key: tuple[str, ...]
    own: tuple[Column, ...]
    rows: Callable[[Evaluated], Iterable[Row]] | None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in their order."""
        return (*HEAD, *self.own) if self.rows else self.own


NAME: Final = Column(
    "name", "text", "The name of the results of this file: results/NAME.html, results/NAME.json. It joins the tables."
)
HEAD: Final = (
    NAME,
    Column("scenario", "text", "The id that the scenario gives itself; two files may have the same."),
    Column("year", "integer", "The year that the scenario describes.", "the file states none", low=1000, high=3000),
    Column("tags", "text", "The tags of the scenario, with a space between.", "it has none"),
)


def text(value: str) -> str | None:
    """A text that every format can hold, or None for an empty one.

    What no file of text may hold becomes U+FFFD; what is too long for a cell of a workbook is cut, with a sign.
    """
    fit = _UNFIT.sub("\ufffd", value)
    return (fit if len(fit) <= MOST_CHARACTERS else f"{fit[:MOST_CHARACTERS]}…") or None


def listed(names: Iterable[str]) -> str | None:
    """Ids, which never hold a space, with a space between."""
    return text(" ".join(names))
