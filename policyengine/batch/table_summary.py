"""What came of a whole table: the leads over all rows, as a page, as text and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from shlex import join
from typing import TYPE_CHECKING, Any, Final

from policyengine.batch.folder import TABLE_REPORT, TABLE_SUMMARY
from policyengine.batch.places import Place, put
from policyengine.batch.records import Record
from policyengine.report.data import render_json
from policyengine.report.html import render_html
from policyengine.report.markdown import render_markdown
from policyengine.report.table_batch_report import BadPart, TableBatch, table_batch_report
from policyengine.source.addresses import masked
from policyengine.version import VERSION

if TYPE_CHECKING:
    from policyengine.batch.table_run import TableWanted

SUMMARY_FORMAT: Final = "policyengine-table-summary/1"
MOST_BAD: Final = 100
"""Of so many bad parts the problems stand in the report; all stand in errors.json."""


def make_ready() -> None:
    """Have the templates of the page compiled, which takes a twentieth of a second and hangs on no result."""
    render_html(())


def store_summary(place: Place, wanted: TableWanted, records: Callable[[], Iterable[Record]]) -> None:
    """Write `summary.json`, `report.md` and `index.html`."""
    batch = summed(wanted, records())
    put(place, TABLE_SUMMARY, render_json(_data(batch)).encode())
    put(place, TABLE_REPORT, render_markdown(table_batch_report(batch)).encode())
    put(place, "index.html", render_html(table_batch_report(batch)).encode())


def summed(wanted: TableWanted, records: Iterable[Record]) -> TableBatch:
    """Count the rows of all parts together."""
    leads: dict[str, Counter[str]] = {}
    rows: dict[str, int] = {}
    counts: Counter[str] = Counter()
    bad: list[BadPart] = []
    for record in records:
        counts[record["status"]] += 1
        if record["status"] == "good":
            rows[record["source"]] = rows.get(record["source"], 0) + record["rows"]
            for name, each in record["summary"]["leads"]:
                leads.setdefault(name, Counter()).update(each)
        elif record["status"] == "bad" and len(bad) < MOST_BAD:
            problems = tuple(f"{problem['code']} {problem['message']}" for problem in record["problems"])
            bad.append(BadPart(record["name"], record["source"], problems))
    facts = (
        ("base", f"{wanted.base.scenario.scenario} ({wanted.base.sha256[:12]})"),
        ("packs", ", ".join(f"{pack.id} ({pack.sha256[:12]})" for pack in wanted.rulebook.packs)),
        ("engine", "columnar"),
        ("version", f"policyengine {VERSION}"),
    )
    return TableBatch(wanted.base.scenario.title, rows, leads, counts, tuple(bad), facts, _command(wanted))


def _command(wanted: TableWanted) -> str:
    packs = [part for pack in wanted.packs for part in ("--pack", pack)]
    form = {"--wide": wanted.form.wide, "--fired": wanted.form.fired, "--bare": not wanted.form.inputs}
    options = [option for option, given in form.items() if given]
    base = ["--base", wanted.base_argument]
    return join(["policyengine", "batch", *map(masked, wanted.arguments), *base, *packs, *options, "--out", "DIR"])


def _data(batch: TableBatch) -> dict[str, Any]:
    return {
        "format": SUMMARY_FORMAT,
        "rows": batch.all_rows,
        "sources": dict(sorted(batch.rows.items())),
        "parts": {status: batch.counts[status] for status in ("good", "bad", "planned")},
        "leads": {
            name.removesuffix(".leads"): dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
            for name, counts in batch.leads.items()
        },
        "about": dict(batch.facts),
    }
