"""A stranger's workbook, taken apart before anything reads it: an archive of XML files, of which few are needed.

Only the parts that cells need are kept, and none that declares entities; the rest (drawings, links, macros) is not even
unpacked. What hides cells is looked up here, because a library that reads cells one by one does not tell.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from policyengine.errors import InputError, Problem

MOST_UNPACKED = 10_000_000
"""So many bytes may the parts have that cells need, once they are unpacked."""
MOST_PARTS = 1_000
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_NEEDED = ("[Content_Types].xml", "_rels/.rels", _BOOK, _LINKS, "xl/sharedStrings.xml", "xl/styles.xml")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NO_WORKBOOK = "this is no Excel workbook that can be read"
_NO_ARCHIVE = (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError, zlib.error)
"""What reading raises of an older or encrypted workbook, which is no such archive, and of a broken one."""


@dataclass
class Layout:
    """How far a sheet goes, and what in it shows something else than what its cells hold."""

    rows: int = 0
    columns: int = 0
    merged: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


class Parts(NamedTuple):
    """A workbook with its first visible sheet alone: the sheet's title and layout, and the archive."""

    title: str
    layout: Layout
    archive: bytes


def refused(message: str, hint: str = "") -> InputError:
    """A workbook that cannot be used as a whole."""
    save = "open it in the program that made it, and save it as an Excel workbook (.xlsx), or as CSV"
    return InputError([Problem("P602", message, hint or save)])


def parts_of(data: bytes) -> Parts:
    """What is needed of a workbook; raises InputError for what is none, is too large, or means no good."""
    made = BytesIO()
    try:
        with ZipFile(BytesIO(data)) as archive, ZipFile(made, "w") as kept:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()[: MOST_PARTS + 1]}
            _check_size(sizes, list(_NEEDED))
            title, sheet = _first_sheet(_part(archive, _BOOK), _part(archive, _LINKS))
            _check_size(sizes, [*_NEEDED, sheet])
            for name in (*_NEEDED, sheet):
                if name in sizes:
                    kept.writestr(name, _part(archive, name))
            layout = _layout(_part(archive, sheet))
    except (*_NO_ARCHIVE, ET.ParseError):
        raise refused(_NO_WORKBOOK) from None
    return Parts(title, layout, made.getvalue())


def _check_size(sizes: dict[str, int], needed: list[str]) -> None:
    if len(sizes) > MOST_PARTS or sum(sizes.get(name, 0) for name in needed) > MOST_UNPACKED:
        message = f"the workbook is too large: unpacked, its cells may have {MOST_UNPACKED:,} bytes"
        raise refused(message, "keep the table alone in it, or save it as CSV")


def _part(archive: ZipFile, name: str) -> bytes:
    """One part, if it declares no entities; a text with null bytes is in an encoding in which one could hide."""
    with archive.open(name) as file:
        part = file.read(MOST_UNPACKED + 1)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part:
        raise refused("the workbook declares entities or is not UTF-8, which no program for tables writes")
    return part


def _first_sheet(book: bytes, links: bytes) -> tuple[str, str]:
    """The title of the first visible sheet, and the part that holds it."""
    sheets = [each for each in ET.fromstring(book).iter() if _kind(each) == "sheet"]  # noqa: S314 - no entities
    sheet = next((each for each in sheets if each.get("state", "visible") == "visible"), None)
    number = next((value for key, value in sheet.items() if key.endswith("}id")), "") if sheet is not None else ""
    for each in ET.fromstring(links):  # noqa: S314 - no entities
        if sheet is not None and each.get("Id") == number:
            return sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", each.get("Target", "")))[1:]
    raise refused("the workbook has no sheet that is shown")


def _kind(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _layout(sheet: bytes) -> Layout:
    found = Layout()
    row = column = 0
    for _, each in ET.iterparse(BytesIO(sheet), ("start",)):  # noqa: S314 - no entities
        match _kind(each):
            case "row":
                row, column = int(each.get("r", row + 1)), 0
                found.hidden_rows += [row] if _is_on(each) else []
            case "c":
                place = _ADDRESS.fullmatch(each.get("r", ""))
                column = _number(place[1]) if place else column + 1
                found.rows, found.columns = max(found.rows, row), max(found.columns, column)
            case "col":
                found.hidden_columns += [int(each.get("min", 1))] if _is_on(each) else []
            case "mergeCell":
                place = _ADDRESS.match(each.get("ref", ""))
                found.merged += [(int(place[2]), _number(place[1]), each.get("ref", ""))] if place else []
    return found


def _is_on(element: ET.Element) -> bool:
    return element.get("hidden") in ("1", "true")


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters(number: int) -> str:
    """The name of a column: A, B ... Z, AA."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
