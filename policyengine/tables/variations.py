"""The evaluation of batches of rows: what is left of the rules on columns, and from there to the result columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from policyengine.assess.allocation import Thresholds
from policyengine.domain.tie import Tie
from policyengine.engines.columnar_kernels import Column
from policyengine.engines.columnar_program import Chunk, Program
from policyengine.engines.columnar_variations import Outcome
from policyengine.tables.cells import Cell, Judged, cells_of
from policyengine.tables.derived import plain_values
from policyengine.tables.kinds import Kinds
from policyengine.tables.layout import Layout
from policyengine.tables.leads import Leads, leads_of, roles_of, shares_of
from policyengine.tables.paths import Path
from policyengine.tables.plan import Plan

CHUNK_ROWS = 4_096
"""Rows whose columns stay in the cache of a core."""
BATCH_ROWS = 65_536
_KEPT = 30 << 20
_MARGINS = ("co_lead_margin", "side_lead_margin", "support_threshold")


class Setting(NamedTuple):
    """What decides roles and modes besides which outcomes fire: margins, variants of ties, and which each row has."""

    thresholds: Thresholds
    ties: list[list[Tie]]
    tie_of: Any

    @property
    def varies(self) -> bool:
        """Whether it differs from row to row."""
        return isinstance(self.thresholds.co_lead_margin, np.ndarray) or np.ndim(self.tie_of) > 0


@dataclass
class Variations:
    """The evaluation of the rows of a table; made for the paths of its columns and the scenario of its first row."""

    plan: Plan
    layout: Layout

    def anew(self) -> Variations:
        """The same for another table: what is prepared is shared, what was seen in rows is forgotten."""
        fresh = Variations(self.plan, self.layout)
        fresh.cells, fresh.program = self.cells, self.program
        return fresh

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells to add up."""
        return cells_of(self.plan)

    @cached_property
    def leads(self) -> list[Leads]:
        """Names of the leads of each cell."""
        return [Leads(self.plan.case, self.plan.case.shape.layers[cell.layer]) for cell in self.cells]

    @cached_property
    def _favours(self) -> list[tuple[int, Outcome]]:
        models = {model: place for place, model in enumerate(self.plan.case.shape.models)}
        found = []
        for outcome in self.plan.outcomes:
            effect = self.plan.effect(outcome)
            if effect.kind == "favour" and (outcome.varies or outcome.fires):
                place = outcome.subject.model if effect.target == "model" else models[effect.target]
                found.append((place, outcome))
        return found

    @cached_property
    def _others(self) -> list[Outcome]:
        """Outcomes that only the packed bits tell of."""
        if not self.layout.fired:
            return []
        kinds = ("score", "bar", "favour")
        return [each for each in self.plan.outcomes if each.varies and self.plan.effect(each).kind not in kinds]

    @cached_property
    def program(self) -> Program:
        """What is left of the rules, ready to run."""
        outcomes = [entry.outcome for cell in self.cells for entry in cell.entries]
        outcomes += [outcome for _, outcome in self._favours if outcome.varies]
        return self.plan.program([*outcomes, *self._others])

    def batch(self, columns: Mapping[str, Column], rows: int) -> dict[str, Any]:
        """The result columns of a batch."""
        ties, tie_of = self._ties(columns, rows)
        parts: dict[str, list[Any]] = {}
        with np.errstate(all="ignore"):
            for start in range(0, rows, CHUNK_ROWS):
                stop = min(start + CHUNK_ROWS, rows)
                part = {name: _cut(column, start, stop) for name, column in columns.items()}
                own = tie_of[start:stop] if np.ndim(tie_of) else tie_of
                for name, values in self._chunk(part, stop - start, ties, own).items():
                    parts.setdefault(name, []).append(values)
        found: dict[str, Any] = {name: np.concatenate(values) for name, values in parts.items()}
        for name, kind in self.layout.fields.items():
            if kind == "names":
                found[name] = (found[name], self.layout.words_of(name, self.leads))
        return found

    def _chunk(self, columns: Mapping[str, Column], rows: int, ties: list[list[Tie]], tie_of: Any) -> dict[str, Any]:
        chunk = Chunk(self.program, columns, rows)
        fired = _Fired(self.layout.fired, rows, self.plan.outcomes)
        setting = Setting(self._thresholds(columns), ties, tie_of)
        found: dict[str, Any] = {}
        for number, cell in enumerate(self.cells):
            judged = [entry.outcome.judge(chunk) for entry in cell.entries]
            for entry, each in zip(cell.entries, judged, strict=True):
                fired.note(entry.outcome, each[0])
            found |= self._cell(number, judged, rows, setting)
        found |= self._ranks(chunk, rows, fired)
        for outcome in self._others:
            fired.note(outcome, outcome.judge(chunk)[0])
        return found | fired.bits()

    def _cell(self, number: int, judged: Sequence[Judged], rows: int, setting: Setting) -> dict[str, Any]:
        """The results of a cell; where all hangs on which outcomes fire, worked out once for rows that are alike."""
        if setting.varies or not self.cells[number].steady:
            return self._work_out(number, judged, rows, setting)
        flags = [flag for fired, unsure, _ in judged for flag in (fired, unsure)]
        varied = [flag for flag in flags if np.ndim(flag)] or [np.zeros(rows, np.bool_)]
        same = tuple(None if np.ndim(flag) else bool(flag) for flag in flags)
        kinds = self._kinds.setdefault((number, same), Kinds())
        if kinds.too_many:
            return self._work_out(number, judged, rows, setting)

        def work_out(chosen: Any) -> dict[str, Any]:
            own = [(_of(fired, chosen), _of(unsure, chosen), strength) for fired, unsure, strength in judged]
            return self._work_out(number, own, len(chosen), setting)

        return kinds.results(varied, work_out)

    @cached_property
    def _kinds(self) -> dict[tuple[int, tuple[bool | None, ...]], Kinds]:
        """The kinds of rows of each cell, for each choice of flags that are the same in a whole chunk."""
        return {}

    def _work_out(self, number: int, judged: Sequence[Judged], rows: int, setting: Setting) -> dict[str, Any]:
        """The results of a cell for so many rows, given where each of its outcomes fires."""
        case, name, cell = self.plan.case, self.layout.cells[number], self.cells[number]
        views, undecided = cell.sums(judged, rows)
        heard = dict.fromkeys(cell.alike.values())
        once = {view: leads_of(roles_of(case, views[view], setting.thresholds)) for view in heard}
        leads = {view: once[cell.alike[view]] for view in views}
        labels, modes = self.leads[number].label(leads, setting.ties, setting.tie_of)
        found = {f"{name}.leads": labels, f"{name}.mode": modes, f"{name}.undecided": undecided}
        if self.layout.wide:
            together = views["all"]
            pooled, own = shares_of(case, together)
            for place, actor in enumerate(case.scenario.jurisdictions):
                found[f"{name}.{actor.id}.score"] = together.scores[:, place]
                found[f"{name}.{actor.id}.share"] = pooled[:, place]
                found[f"{name}.{actor.id}.share_of_side"] = own[:, place]
        return found

    def _ranks(self, chunk: Chunk, rows: int, fired: _Fired) -> dict[str, Any]:
        models = self.plan.case.shape.models
        scores = np.zeros((len(models), rows), np.int64)
        for place, outcome in self._favours:
            if outcome.varies:
                holds, _, strength = outcome.judge(chunk)
                fired.note(outcome, holds)
                scores[place] += holds * strength
            else:
                scores[place] += outcome.strength
        found: dict[str, Any] = {}
        for place, model in enumerate(models):
            found[f"model.{model}.rank"] = 1 + (scores > scores[place]).sum(axis=0, dtype=np.int32)
            if self.layout.wide:
                found[f"model.{model}.score"] = scores[place]
        return found

    def _thresholds(self, columns: Mapping[str, Column]) -> Thresholds:
        """The margins of roles, as one column each where the table varies one."""
        keys = {name: self._first(name) for name in _MARGINS}
        varied = {path.field: path.name for path in self.plan.paths if path.section == "param"}
        changed: dict[str, Any] = {
            name: np.rint(columns[varied[key]].values).astype(np.int64)[:, np.newaxis]
            for name, key in keys.items()
            if key in varied
        }
        plain = self.plan.case.thresholds
        if not changed:
            return plain
        return replace(plain, **{name: np.asarray(getattr(plain, name))[np.newaxis] for name in _MARGINS} | changed)

    def _first(self, name: str) -> str:
        return next((key for key in self.plan.rulebook.parameters if key.partition("@")[0] == name), "")

    def _ties(self, columns: Mapping[str, Column], rows: int) -> tuple[list[list[Tie]], Any]:
        """The variants of the ties that decide modes, and which of them each row has."""
        plain = list(self.plan.base.ties or ())
        paths = [path for path in self.plan.paths if path.section == "ties" and path.field in ("kind", "layers")]
        if not paths:
            return self._variants([()], paths), np.intp(0)
        values = [plain_values(columns[path.name], path, self.plan.words) for path in paths]
        numbers: dict[Any, int] = {}
        codes = np.array([numbers.setdefault(row, len(numbers)) for row in zip(*values, strict=True)], np.intp)
        assert len(codes) == rows  # noqa: S101 - every column is as long as the batch
        assert plain or not paths  # noqa: S101 - a path leads to a tie
        return self._variants(list(numbers), paths), codes

    def _variants(self, rows: Sequence[tuple[Any, ...]], paths: Sequence[Path]) -> list[list[Tie]]:
        for row in rows:
            if row not in self._known_ties:
                self._known_ties[row] = _changed(list(self.plan.base.ties or ()), paths, row)
        return [self._known_ties[row] for row in rows]

    @cached_property
    def _known_ties(self) -> dict[tuple[Any, ...], list[Tie]]:
        return {}


def _changed(ties: list[Tie], paths: Sequence[Path], row: tuple[Any, ...]) -> list[Tie]:
    for path, value in zip(paths, row, strict=True):
        held = sorted(value) if isinstance(value, frozenset) else value
        ties[path.index] = ties[path.index].model_copy(update={path.field: held})
    return ties


def _of(flag: Any, rows: Any) -> Any:
    return flag[rows] if np.ndim(flag) else flag


def _cut(column: Column, start: int, stop: int) -> Column:
    return Column(column.values[start:stop], None if column.known is None else column.known[start:stop])


class _Fired:
    """Which rules fired, as packed bits: bit i of a row, counted from the lowest of each byte, is rule i."""

    def __init__(self, rules: int, rows: int, outcomes: Sequence[Outcome]) -> None:
        self._flags = np.zeros((rules, rows), np.bool_)
        for outcome in outcomes if rules else ():
            if outcome.fires:
                self._flags[outcome.rule] = True

    def note(self, outcome: Outcome, fired: Any) -> None:
        if len(self._flags):
            self._flags[outcome.rule] |= fired

    def bits(self) -> dict[str, Any]:
        return {"fired": np.packbits(self._flags, axis=0, bitorder="little").T} if len(self._flags) else {}


def keep_memory() -> None:
    """Let the allocator keep what is freed: it gives memory back only above twice the largest block freed so far.

    Chunks take and free the same megabytes thousands of times; giving them back each time, page by page, took
    five sixths of the time.
    """
    np.empty(_KEPT, np.uint8)
