"""Variations of one scenario as a table: Arrow in, Arrow out, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar_kernels import Column
from policyengine.engines.columnar_words import Words
from policyengine.errors import Problems
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import arrow
from policyengine.tables.columns import Reader
from policyengine.tables.derived import plain_values
from policyengine.tables.layout import Layout
from policyengine.tables.paths import Path, resolve
from policyengine.tables.plan import Plan
from policyengine.tables.rows import scenario_of
from policyengine.tables.variations import BATCH_ROWS, Variations, keep_memory

Form = Mapping[str, bool]
"""Which columns a result has: `wide` and `fired`, as `Layout` says."""


class Rows(NamedTuple):
    """Checked columns of the rows of a batch, and the number of the first one."""

    columns: dict[str, Column]
    first: int
    batch: Any

    @property
    def length(self) -> int:
        """How many rows there are."""
        return int(self.batch.num_rows)


class Ground:
    """A base, its rules and the names of the columns: what tables with these columns have in common."""

    def __init__(self, base: Scenario, rulebook: Rulebook, names: Sequence[str]) -> None:
        """Find what each column varies; raises InputError with all that cannot be varied."""
        self._base, self._rulebook = base, rulebook
        self._words = Words()
        self._reader = Reader(base, self._words)
        problems = Problems()
        self.paths = resolve(names, base, rulebook, problems)
        if not names:
            problems.add("V110", "the table has no columns", "give one column for each value that varies")
        problems.raise_if_any()

    def rows(self, batch: Any, first: int, problems: Problems) -> Rows:
        """The rows of a batch, checked; columns that are bad are missing."""
        columns, typed = self._reader.read(self.paths, batch, first, problems)
        return Rows(columns, first, typed)

    def first_values(self, columns: Mapping[str, Column]) -> dict[str, Any]:
        """The values of the first row, by the names of the columns; None is unknown."""

        def first(path: Path) -> Any:
            values, known = columns[path.name].values[:1], columns[path.name].known
            return plain_values(Column(values, None if known is None else known[:1]), path, self._words)[0]

        return {path.name: first(path) for path in self.paths}

    def variations(self, first: Mapping[str, Any], form: Form) -> Variations:
        """Prepare the evaluation of tables; facts that follow from others have to be there as in the row `first`."""
        scenario = scenario_of(self._base, self.paths, first)
        plan = Plan(scenario, self._rulebook, tuple(self.paths), self._words)
        return Variations(plan, Layout.of(plan.case, self._rulebook, **form))


def read_rows(ground: Ground, stream: Any, first: int, problems: Problems) -> Iterator[Rows]:
    """The rows of a stream, batch by batch; raises InputError with the mistakes of a batch."""
    row = first
    for batch in arrow.slices(stream, BATCH_ROWS):
        rows = ground.rows(batch, row, problems)
        problems.raise_if_any()
        yield rows
        row += rows.length
    if row == first:
        problems.add("V110", "the table has no rows", "give one row for each variation")
        problems.raise_if_any()


def check_rows(ground: Ground, stream: Any, first: int, run: Variations | None, problems: Problems) -> None:
    """Add all mistakes of all rows of a stream to the problems; without `run` it is prepared by the first good row."""
    row = first
    for batch in arrow.slices(stream, BATCH_ROWS):
        rows = ground.rows(batch, row, problems)
        if len(rows.columns) == len(ground.paths) and not len(problems):
            run = run or ground.variations(ground.first_values(rows.columns), {})
            run.plan.with_derived(rows.columns, row, problems)
        row += rows.length
    if row == first:
        problems.add("V110", "the table has no rows", "give one row for each variation")


def results(run: Variations, rows: Iterator[Rows], problems: Problems, *, beside: bool = False) -> Iterator[Any]:
    """The results of rows as record batches, made while they are read; with what varied beside them if asked for."""
    keep_memory()
    schema = run.layout.schema()
    for each in rows:
        whole = run.plan.with_derived(each.columns, each.first, problems)
        problems.raise_if_any()
        made = arrow.batch_of(schema, run.batch(whole, each.length))
        yield arrow.beside({path.name: path.type for path in run.plan.paths}, each.batch, made) if beside else made


class Evaluation:
    """One table on its way: read, checked, evaluated and written batch by batch."""

    def __init__(self, base: Scenario, rulebook: Rulebook, data: Any, form: Form, most: int) -> None:
        """Check what can be checked; raises InputError with all mistakes."""
        stream = arrow.reader_of(data)
        ground = Ground(base, rulebook, arrow.names_of(stream))
        self._problems = Problems()
        if data is not stream:
            # What can be read again is checked to its end before anything is evaluated.
            check_rows(ground, stream, 0, None, self._problems)
            self._problems.raise_if_any()
            stream = arrow.reader_of(data)
        rows = read_rows(ground, stream, 0, self._problems)
        first = next(rows)
        self._run = ground.variations(ground.first_values(first.columns), form)
        self._run.layout.check_memory(BATCH_ROWS, most)
        self._rows = chain([first], rows)

    def batches(self) -> Iterator[Any]:
        """The results with what varied before them, made while they are read."""
        return results(self._run, self._rows, self._problems, beside=True)

    def reader(self) -> Any:
        """The results, made while they are read."""
        made = results(self._run, self._rows, self._problems)
        return arrow.reader_from(self._run.layout.schema(), lambda: made)
