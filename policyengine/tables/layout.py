"""The columns of a result, their types, and how much memory a batch of them takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from policyengine.assess.case import Case
from policyengine.errors import InputError, Problem
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import arrow
from policyengine.tables.leads import MODES, Leads
from policyengine.version import VERSION

_BYTES = {"names": 4, "count": 4, "rank": 4, "score": 8, "share": 8}


@dataclass(frozen=True)
class Layout:
    """Which columns a result has.

    Narrow: for each threat and layer `THREAT.LAYER.leads` (ids with a space between, empty if nobody leads),
    `.mode` and `.undecided` (how many effects on it are undecided), and `model.NAME.rank` for each model. Wide
    adds `THREAT.LAYER.JURISDICTION.score` (millionths of a point), `.share` (of all points), `.share_of_side`, and
    `model.NAME.score`. `fired` is how many rules the packed bits tell of, 0 for none.
    """

    cells: tuple[str, ...]
    fields: dict[str, str]
    wide: bool
    fired: int
    rules: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, rulebook: Rulebook, wide: bool = False, fired: bool = False) -> Self:
        """The columns for the scenario of a case."""
        shape, scenario = case.shape, case.scenario
        cells = tuple(f"{threat.id}.{layer}" for threat in scenario.threats for layer in shape.layers)
        fields: dict[str, str] = {}
        for cell in cells:
            fields |= {f"{cell}.leads": "names", f"{cell}.mode": "names", f"{cell}.undecided": "count"}
            for actor in scenario.jurisdictions if wide else ():
                name = f"{cell}.{actor.id}"
                fields |= {f"{name}.score": "score", f"{name}.share": "share", f"{name}.share_of_side": "share"}
        for model in shape.models:
            fields[f"model.{model}.rank"] = "rank"
            fields |= {f"model.{model}.score": "score"} if wide else {}
        names = tuple(rule.name for rule in rulebook.rules)
        return cls(cells, fields, wide, len(names) if fired else 0, names)

    def schema(self) -> Any:
        """The schema of the result; its metadata name the rules in the order of the bits."""
        notes = {"policyengine": VERSION} | ({"rules": json.dumps(self.rules)} if self.fired else {})
        return arrow.schema_of(self.fields, self.fired, notes)

    def words_of(self, name: str, leads: Sequence[Leads]) -> tuple[str, ...]:
        """The names that the numbers of a column stand for."""
        cell, _, kind = name.rpartition(".")
        return MODES if kind == "mode" else tuple(leads[self.cells.index(cell)].names)

    def check_memory(self, rows: int, most: int) -> int:
        """How many bytes a batch of results takes: parts and whole, so twice its size.

        Raises InputError if they are more than `most`.
        """
        each = sum(_BYTES[kind] for kind in self.fields.values()) + (self.fired + 7) // 8
        needed = 2 * rows * each
        if needed > most:
            message = (
                f"a batch of results takes about {needed / 2**20:,.0f} MiB, and {most / 2**20:,.0f} MiB are allowed"
            )
            hint = "leave the wide form out, vary a smaller scenario, or allow more memory"
            raise InputError([Problem("V111", message, hint)])
        return needed
