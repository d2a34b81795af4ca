"""From a path to text: only ordinary files of a bearable size that hold UTF-8."""

import errno
import os
import re
import stat
from pathlib import Path
from typing import Final

from policyengine.errors import InputError, Problem, Span
from policyengine.source.limits import MAX_BYTES

_BOM: Final = "\ufeff"
# YAML reads U+0085, U+2028 and U+2029 as line breaks in version 1.1 and as text in 1.2, and no editor shows them.
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NOT_JSON: Final = re.compile("\x00")
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def check_file(path: Path) -> None:
    """Refuse what is not an ordinary file of at most `MAX_BYTES`, without opening it."""
    try:
        _check_status(path, path.stat())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def read_octets(path: Path, most: int = MAX_BYTES) -> bytes:
    """Read the file, never more than the limit and one octet, and never waiting for a writer."""
    try:
        # Opening a pipe would wait for its other end; the second look is at the very file that is open.
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            _check_status(path, os.fstat(file.fileno()), most)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return check_size(path, data, most)


def check_size(path: Path, data: bytes, most: int = MAX_BYTES) -> bytes:
    """Refuse more than so many octets."""
    if len(data) > most:
        raise _too_large(path, "more than that", most)
    return data


def decode(path: Path, data: bytes) -> str:
    """Decode UTF-8, drop a byte order mark, and refuse what does not belong in a text."""
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error.start) from None
    found = (_NOT_JSON if path.suffix.lower() == ".json" else _NOT_TEXT).search(text)
    if found:
        raise _not_text(path, data, text, found.start())
    return text


def _check_status(path: Path, status: os.stat_result, most: int = MAX_BYTES) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _refused(path, "S002", "This is a folder, not a file", "Give the path of one file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise _refused(path, "S003", "This is not an ordinary file", "Pipes, devices and sockets are not read.")
    if status.st_size > most:
        raise _too_large(path, f"{status.st_size:,} bytes", most)


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    if number in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
        if os.path.islink(path):  # noqa: PTH114 -- Path.is_symlink raises for a name that is too long
            return _refused(path, "S001", "This is a link to a file that does not exist", "Mend or remove the link.")
        hint = "Check the spelling; a relative path starts in the folder where the command is run."
        return _refused(path, "S001", "There is no such file", hint)
    if number in {errno.EACCES, errno.EPERM}:
        return _refused(path, "S004", "You have no permission to read this file", "Ask its owner for read access.")
    reason = os.strerror(number) if number else str(error)
    return _refused(path, "S005", f"The file cannot be read: {reason}", "See what the operating system says.")


def _too_large(path: Path, size: str, most: int) -> InputError:
    message = f"The file is too large: {most:,} bytes are allowed, it has {size}"
    return _refused(path, "S007", message, "Split it into several files.")


def _refused(path: Path, code: str, message: str, hint: str) -> InputError:
    return InputError([Problem(code, message, hint, Span.whole(str(path)))])


def _not_utf8(path: Path, data: bytes, index: int) -> InputError:
    before = data[:index].decode("utf-8").removeprefix(_BOM)
    hint = "Save the file with the encoding UTF-8; it may be in Latin-1 or Windows-1252 now."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:1000]:
        hint = "The file looks like UTF-16, or is no text at all. Save it with the encoding UTF-8."
    message = f"The byte \\x{data[index]:02x} is not valid UTF-8 text"
    return _at(path, data, before, Problem("S008", message, hint))


def _not_text(path: Path, data: bytes, text: str, index: int) -> InputError:
    char = text[index]
    message = f"The character U+{ord(char):04X} does not belong in a text file"
    hint = 'Delete it, or write it as an escape in double quotes, such as "\\u2028".'
    if char == "\0":
        hint = "The file is binary, or text in UTF-16. Save it as text with the encoding UTF-8."
    return _at(path, data, text[:index], Problem("S009", message, hint))


def _at(path: Path, data: bytes, before: str, problem: Problem) -> InputError:
    """Place the problem on the character that follows the text `before`."""
    lines = re.split(r"\r\n?|\n", before)
    line, column = len(lines), len(lines[-1]) + 1
    span = Span(str(path), line, column, line, column + 1)
    text = data.decode("utf-8", "backslashreplace").removeprefix(_BOM)
    excerpt = re.split(r"\r\n?|\n", text[len(before) - column + 1 :], maxsplit=1)[0]
    return InputError([problem._replace(span=span, excerpt=excerpt)])
