"""Files written whole or not at all."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, so that whoever reads it finds all of the old content or all of the new one.

    A link is followed. What is not an ordinary file, such as `/dev/stdout`, is written to directly, because it must
    not be replaced. Raises `OSError`, and leaves nothing behind.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.write(data)
        return
    partner = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partner.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partner.replace(target)
    except BaseException:
        partner.unlink(missing_ok=True)
        raise
