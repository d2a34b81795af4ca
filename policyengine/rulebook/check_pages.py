"""The pages that explain codes: one file for each check of quality, else what the table of codes says."""

from __future__ import annotations

from pathlib import Path

from policyengine import shipped
from policyengine.errors import CODES


def page_of(code: str) -> Path | None:
    """The page of a code, if it has one."""
    return next(iter(sorted(shipped.folder("docs/checks").glob(f"{code}-*.md"))), None)


def explained(code: str) -> str:
    """What a code means and what to do, as Markdown."""
    page = page_of(code)
    if page is not None:
        return page.read_text("utf-8")
    advice = CODES[code]
    return f"# {code}: {advice.title}\n\nSeverity: {advice.severity}.\n\n{advice.what_to_do}\n"
