"""The one layout of files that people write: rules, packs, sources, scenarios and tests."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policyengine.errors import InputError
from policyengine.lang.layout import laid_out
from policyengine.rulebook.file_schema import KINDS
from policyengine.source import Document, examine_document
from policyengine.source.canonical import CannotLayOutError, canonical_text

_COMMENT = re.compile(r"(?:^|[ \t])(#.*)$", re.MULTILINE)


def formatted(document: Document, kind: str) -> str | None:
    """The text of a file in the one layout, or None if it cannot be laid out without changing what it says.

    `kind` is one of `KINDS`. That the data stay the same, and every comment stays, is looked at each time.
    """
    fields = KINDS[kind].model_fields
    order = [field.alias or name for name, field in fields.items()]
    if kind == "rule":
        order.insert(order.index("then"), "table")
    layouts = {"when": laid_out} if kind == "rule" else {}
    try:
        made = canonical_text(document, order, layouts)
    except CannotLayOutError:
        return None
    return made if _same(document, made) else None


def _same(document: Document, made: str) -> bool:
    """Whether a text says what a document says, with the same comments."""
    read = _read(made)
    if read is None or read.flaws or _said(read) != _said(document):
        return False
    return Counter(_comments(made)) == Counter(_comments(document.text))


def _read(text: str) -> Document | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.yaml"
        path.write_text(text, "utf-8")
        try:
            return examine_document(path)
        except InputError:
            return None


def _said(document: Document) -> Any:
    """The data of a file; of a condition only its parts count, not the blanks between them."""
    data = document.plain()
    if isinstance(data, dict) and isinstance(data.get("when"), str):
        return {**data, "when": "".join(str(data["when"]).split())}
    return data


def _comments(text: str) -> list[str]:
    return [comment.rstrip() for comment in _COMMENT.findall(text.replace("\r\n", "\n"))]
