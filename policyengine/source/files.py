"""Files written whole or not at all."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, Final

PARTIAL: Final = ".partial"
_LEFT_OVER: Final = re.compile(r"\.[0-9a-f]{16}\.partial")


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, so that whoever reads it finds all of the old content or all of the new one.

    A link is followed. What is not an ordinary file, such as `/dev/stdout`, is written to directly, because it must
    not be replaced. Raises `OSError`, and leaves nothing behind.
    """
    target = _target(path)
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.write(data)
        return
    with whole_file(target) as file:
        file.write(data)


def _target(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # what Python before 3.13 makes of a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when all of it is written and on the disk.

    Raises `OSError`; whatever goes wrong, `path` stays as it was and nothing is left behind.
    """
    partner = path.with_name(f".{secrets.token_hex(8)}{PARTIAL}")
    try:
        with partner.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partner.replace(path)
    except BaseException:
        partner.unlink(missing_ok=True)
        raise


def stays_in(path: Path, folder: Path) -> bool:
    """Whether a path, all links followed, stays in a folder; a link in a circle is where it stands.

    A name that no file can have is in no folder.
    """
    try:
        return real_path(path).is_relative_to(real_path(folder))
    except ValueError:
        return False


def real_path(path: Path) -> Path:
    """The path from the root with all links followed; a link in a circle stays as it is, and is missed when read."""
    return Path(os.path.realpath(path))


def is_left_over(path: PurePath) -> bool:
    """Whether a file is what remains of one that was being written when its process was killed."""
    return bool(_LEFT_OVER.fullmatch(path.name))
