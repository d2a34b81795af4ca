"""One row for each scenario: what its report says first, and what it was made from; and its packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from policyengine.analysis.summary import summary_of
from policyengine.assess.result import Result
from policyengine.batch.tidy.allocation import MODES
from policyengine.batch.tidy.columns import Column, Row, Table, listed, text
from policyengine.batch.writers import Evaluated
from policyengine.report.headline import headline
from policyengine.report.names import Names
from policyengine.report.words import count, words

SOURCE: Final = Column("source", "text", "The path of the file, as it was found.")
_COUNTS: Final = {
    "threats": "How many threats it has.",
    "jurisdictions": "How many jurisdictions it has.",
    "led": "How many layers have a lead; a layer counts once for each threat, here and below.",
    "firm": "Of these, how many are neither contested nor unsettled.",
    "contested": "On how many the opinion packs, each heard alone, name leads of the same side and not one in common.",
    "unsettled": "On how many unknown facts could change the leads.",
    "disagreement": "On how many the opinion packs, each heard alone, name different leads.",
    "open": "How many rules could not be decided.",
    "could_change": "Of these, how many could, each by itself, change a lead.",
    "measures": "How many measures are recommended.",
    "cautions": "How many cautions are given.",
}
_MODES: Final = {f"mode_{mode}": f"How many layers have the mode `{mode}`." for mode in MODES if mode != "contested"}
_COLUMNS: Final = (
    SOURCE,
    Column("title", "text", "What it is called in reports."),
    Column("headline", "text", "Who leads where, and how firmly, in one sentence."),
    Column("burden", "text", "Under how many bases each label of a burden holds, in words.",
           "no rule gives or might give a label"),
    *(Column(name, "integer", means, low=0) for name, means in {**_COUNTS, **_MODES}.items()),
    Column("version", "text", "The version of policyengine."),
    Column("engine", "text", "The engine that ran the rules."),
    Column("packs", "text", "The packs that took part, with a space between."),
    Column("sha256", "text", "The SHA-256 of the scenario file."),
)  # fmt: skip

_OF_A_PACK: Final = (
    Column("pack", "text", "The id of the pack."),
    Column("title", "text", "Its title."),
    Column("version", "text", "Its version."),
    Column("role", "text", "What it is for.", values=("vocabulary", "gate", "opinion", "baseline")),
    Column("sha256", "text", "The SHA-256 of all its files."),
)


def _rows(made: Evaluated) -> Iterator[Row]:
    result = made.result
    known = summary_of(result, made.scenario)
    numbers = {
        **{name: known[name] for name in _COUNTS if name in known},
        "jurisdictions": len(result.jurisdictions),
        "measures": len(result.measures),
    }
    modes = Counter(cell.mode for cell in result.views[0].cells)
    yield (
        text(made.arguments[0]), text(result.scenario.title),
        text("".join(piece.text for piece in headline(result))), text(_burden(result)),
        *(numbers[name] for name in _COUNTS),
        *(modes[mode] for mode in MODES if mode != "contested"),
        result.version, result.engine.name,
        listed(pack.id for pack in result.packs), result.scenario.sha256,
    )  # fmt: skip


def _burden(result: Result) -> str:
    names = Names(result)
    said = []
    for each in result.burden_verdicts:
        unsure = f", undetermined on {each.undetermined}" if each.undetermined else ""
        bases = count(each.bases, "basis", "bases")
        said.append(f"{names.actor(each.jurisdiction)}: {words(each.label)} under {each.holds} of {bases}{unsure}")
    return "; ".join(said)


def _packs(made: Evaluated) -> Iterator[Row]:
    for pack in made.result.packs:
        yield pack.id, text(pack.title), pack.version, pack.role, pack.sha256


SCENARIOS: Final = Table("scenarios", "One scenario file that was evaluated.", ("name",), _COLUMNS, _rows)
PACKS: Final = Table("packs", "One pack that took part for one scenario.", ("name", "pack"), _OF_A_PACK, _packs)
