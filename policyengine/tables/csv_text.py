"""CSV as it comes: columns by name, each cell as text, in bounded memory.

Nothing is concluded from what stands in the first lines: which cells are numbers, the values that vary decide, in
`csv_cells`. What keeps a file from being taken apart is told with its line.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from policyengine.errors import InputError, Problem, Span
from policyengine.tables.arrow import csv, pa

TEXT: Final = {b"policyengine.cells": b"text"}
"""The metadata of a schema whose columns are cells of a CSV file."""
_UNKNOWN: Final = ("", "unknown")
"""Cells that hold no value."""
_PIECE: Final = 1 << 20
_BEGINNING: Final = b"\xef\xbb\xbf"
"""With these bytes, which are no part of it, some programs say that a text is UTF-8."""
_SEPARATORS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_HEADER: Final = "name in the first line what each column varies"
_SEPARATE: Final = "separate columns by commas, write numbers with a point (0.5), and put quotes around other commas"


def text_reader(opened: Callable[[], Any], name: str) -> Any:
    """The lines of a CSV file as batches of text, None for unknown; `name` is what is said of the file.

    `opened` gives the file from its beginning, a second time only to find the number of a bad line. Raises InputError,
    and what Arrow raises, at once or while batches are read.
    """
    file = _Checked(opened(), name)
    if file.problem is not None and not file.head:
        raise file.problem
    wrong: list[Any] = []

    def note(row: Any) -> str:
        wrong.append(row)
        return "error"

    @contextmanager
    def told() -> Iterator[None]:
        try:
            yield
        except pa.ArrowInvalid as error:
            if not wrong:
                raise
            raise _ragged(wrong[0], opened(), name) from error

    with told():
        stream = csv.open_csv(
            pa.PythonFile(file, mode="r"),
            # In several threads Arrow does not know the number of a line, and text is read no faster.
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(invalid_row_handler=note),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(_names(file.head, name), pa.string()),
                strings_can_be_null=True,
                null_values=list(_UNKNOWN),
                check_utf8=False,
            ),
        )

    def batches() -> Iterator[Any]:
        with told():
            for batch in stream:
                yield batch.replace_schema_metadata(TEXT)
        if file.problem is not None:
            raise file.problem

    return pa.RecordBatchReader.from_batches(stream.schema.with_metadata(TEXT), batches())


def _names(head: bytes, name: str) -> list[str]:
    """The names in the first line that is not empty; raises InputError if other signs than commas separate them."""
    line = next((line for line in head.removeprefix(_BEGINNING).splitlines() if line), b"")
    if not line:
        raise InputError([Problem("V110", "the table has no columns", _HEADER, Span.whole(name))])
    names: list[str] = csv.open_csv(pa.BufferReader(line + b"\n")).schema.names
    for sign, word in _SEPARATORS.items():
        if len(names) == 1 and sign in names[0]:
            raise _unusable(f"the columns are separated by {word}", _SEPARATE, name, 0)
    return names


class _Checked:
    """A file, as Arrow reads it, that ends before the first line that is not UTF-8; `head` is its beginning.

    `problem` is then that line. Arrow reads ahead: an error would come before batches, now more and now fewer of them.
    """

    closed = False

    def __init__(self, file: Any, name: str) -> None:
        self._file, self._name = file, name
        self._decoder = getincrementaldecoder("utf-8")()
        self._lines = self._bad = 0
        self._left = b""
        self.problem: InputError | None = None
        self.head = self._held = self._whole_lines(_PIECE)

    def _whole_lines(self, size: int) -> bytes:
        """Up to so many bytes that end with a line, if there are any ends of lines."""
        if self.problem is not None:
            return b""
        data: bytes = self._file.read(size - len(self._left))
        found, self._left = self._left + data, b""
        if not data:
            return found if self._is_text(data) else b""
        good = len(found) if self._is_text(data) else len(found) - len(data) + self._bad
        end = max(found.rfind(b"\n", 0, good), found.rfind(b"\r", 0, good)) + 1
        if self.problem is not None:
            return found[:end]
        self._left = found[end:] if end else b""
        return found[:end] if end else found

    def _is_text(self, data: bytes) -> bool:
        """Whether the next bytes, none at the end, are UTF-8; if not, `problem` and `_bad` say where they are not."""
        try:
            self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            line = self._lines + error.object.count(b"\n", 0, error.start) + 1
            hint = "write it again as UTF-8, which spreadsheets have among the forms of CSV"
            self.problem = _unusable("this is not UTF-8", hint, self._name, line)
            self._bad = error.start - (len(error.object) - len(data))
            return False
        self._lines += data.count(b"\n")
        return True

    def read(self, size: int) -> bytes:
        """Up to so many bytes from here."""
        if self._held:
            data, self._held = self._held[:size], self._held[size:]
            return data
        return self._whole_lines(size)

    def readable(self) -> bool:
        """It is."""
        return True

    def writable(self) -> bool:
        """It is not."""
        return False

    def seekable(self) -> bool:
        """It need not be."""
        return False

    def close(self) -> None:
        """Close it."""
        self.closed = True
        self._file.close()


def _ragged(row: Any, file: Any, name: str) -> InputError:
    """The error for a line that has more or fewer fields than there are columns."""
    fields = "1 field" if row.actual_columns == 1 else f"{row.actual_columns} fields"
    message = f"this line has {fields}, and the first one has {row.expected_columns}"
    return _unusable(message, _SEPARATE, name, _line_of(row.number, file))


def _line_of(row: int, file: Any) -> int:
    """The number of a line, of which it is known how many lines up to it are not empty."""
    lines, left = 0, b""
    while data := file.read(_PIECE):
        *whole, left = (left + data).split(b"\n")
        for line in whole:
            lines += 1
            row -= line not in (b"", b"\r")
            if not row:
                return lines
    return lines + 1


def _unusable(message: str, hint: str, name: str, line: int) -> InputError:
    span = Span(name, line, 1, line, 1) if line else Span.whole(name)
    return InputError([Problem("V120", message, hint, span)])
