"""Tables of variations in parts: some row groups of one file go in, one Parquet file comes out.

This is what workers of this machine and those of a cluster do, and it is the same wherever and however often it is
done. A **task** is what all parts have in common; it is plain data that pickles, rules and base included, so that a
process needs only the package, the table and the folder. A **part** is small plain data. `carry_out_table_part` takes
both and hangs on nothing else. The result of a part has a name that follows from the part, and is there whole or not
at all; what becomes of it is one record, as `Records` keeps them. What is wrong with the input stands in the record;
OSError is raised where the result cannot be written; anything else that is raised is a fault of ours.

What a row gives does not depend on how the rows were cut: every part is prepared by the first row of the whole table,
so that rows under which there are other facts than in that one are refused wherever they stand.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from policyengine.batch.folder import HOME
from policyengine.batch.places import Place
from policyengine.batch.records import Record
from policyengine.batch.work import problem_data
from policyengine.domain.scenario import Scenario
from policyengine.errors import InputError, Problem, Problems, Span, quoted
from policyengine.rulebook.rule import Rulebook
from policyengine.source.addresses import Address
from policyengine.tables.arrow import count_names, names_of
from policyengine.tables.evaluate import Ground, check_rows, read_rows, results
from policyengine.tables.files import TableFile, write_batches
from policyengine.tables.variations import BATCH_ROWS

PART: Final = "part-{:05}"
RESULT: Final = ".parquet"


class TablePart(NamedTuple):
    """Some rows of a table: the groups `start` to `stop` of a file; without `stop`, all of it.

    `first` is the number of the first row in the file, counted from 0; `rows` says how many there are, or None where
    only reading can tell. `sha256` is the hash of the whole file, or `etag:` and what a store calls its content.
    `source` is what is said of the file; one that is far away is at `address`, of which nothing else is told.
    """

    name: str
    source: str
    sha256: str
    start: int = 0
    stop: int | None = None
    first: int = 0
    rows: int | None = None
    address: Address | None = None

    @property
    def noun(self) -> str:
        """What it is, in messages."""
        return "part"

    @property
    def again(self) -> str:
        """The command that tries its table alone."""
        return "policyengine sweep SCENARIO --table"

    @property
    def file(self) -> str:
        """The name of its result in the folder of the batch."""
        return f"{HOME}/{self.name}{RESULT}"

    def table(self) -> TableFile:
        """The rows, to be read; raises InputError for a file of another kind."""
        groups = None if self.stop is None else range(self.start, self.stop)
        return TableFile(self.address or Path(self.source), groups, self.sha256)

    @property
    def told(self) -> tuple[Any, ...]:
        """What says which rows they are, whoever signed the address."""
        return self[:-1]


class TableForm(NamedTuple):
    """What stands in the results: scores and shares, packed bits, what varied; `most` bytes may a process take."""

    wide: bool = False
    fired: bool = False
    inputs: bool = True
    most: int = 2 << 30


@dataclass(frozen=True)
class TableTask:
    """What the parts of a table have in common.

    `columns` are the names of what varies, `first` the values of the first row of the whole table, and `origin` a hash
    of the base and the packs.
    """

    base: Scenario
    rulebook: Rulebook
    origin: str
    columns: tuple[str, ...]
    first: Mapping[str, Any]
    form: TableForm
    out: Place

    @property
    def key(self) -> str:
        """A hash of all that results hang on, and of where they go."""
        return _hashed([self.result_key, str(self.out)])

    @property
    def result_key(self) -> str:
        """A hash of all that the results of a part hang on, but the part itself."""
        first = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in self.first.items()}
        return _hashed([self.origin, self.columns, first, self.form[:3]])

    def part_key(self, part: TablePart) -> str:
        """A hash of all that the result of a part hangs on."""
        return _hashed([self.result_key, *part.told])


def _hashed(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


Beat = Callable[[], None]
"""Called after each batch of rows, and before a result is put in place; what it raises ends the work."""


def no_beat() -> None:
    """Nobody wants to know."""


def carry_out_table_part(task: TableTask, part: TablePart, beat: Beat = no_beat) -> Record:
    """Evaluate a part in this process, write its result, and give its record.

    What the task prepares is kept for the next part of this thread, and changes no result.
    """
    if task.key not in _HELD.desks:
        _HELD.desks = {task.key: TableDesk(task)}
    return _HELD.desks[task.key].record_of(part, beat)


class TableDesk:
    """Evaluates parts of a table, one after the other."""

    def __init__(self, task: TableTask) -> None:
        """Raises InputError if the columns cannot vary, or a batch of results takes more memory than is allowed."""
        self._task = task
        self._ground = Ground(task.base, task.rulebook, task.columns)
        self._run = self._ground.variations(task.first, {"wide": task.form.wide, "fired": task.form.fired})
        self._left = task.form.most - self._run.layout.check_memory(BATCH_ROWS, task.form.most)

    def record_of(self, part: TablePart, beat: Beat = no_beat) -> Record:
        """Evaluate a part and write its result; all that is wrong with it comes back in its record."""
        try:
            return self._evaluated(part, beat)
        except InputError as error:
            return bad_record(part, self._all_problems(part) or error.problems)

    def _evaluated(self, part: TablePart, beat: Beat) -> Record:
        problems = Problems()
        rows = read_rows(self._ground, self._stream(part), part.first, problems)
        leads: dict[str, Counter[str]] = {}
        run = self._run.anew()
        made = results(run, rows, problems, beside=self._task.form.inputs)
        with self._task.out.writing(part.file) as written:
            count = write_batches(written.file, RESULT, counted(_expected(made, part, beat), leads))
        record = {
            **_common(part),
            "rows": count,
            "status": "good",
            "key": self._task.part_key(part),
            "files": {part.file: written.sha256},
            "summary": {"leads": [[name, dict(sorted(counts.items()))] for name, counts in leads.items()]},
        }
        return self._task.out.journalled(record, written.tag)

    def _all_problems(self, part: TablePart) -> tuple[Problem, ...]:
        """All mistakes of a part that turned out to have some, and not only those of the batch that showed it."""
        problems = Problems()
        try:
            check_rows(self._ground, self._stream(part), part.first, self._run, problems)
        except InputError as error:
            return (*problems.items, *error.problems)
        return problems.items

    def _stream(self, part: TablePart) -> Any:
        stream = part.table().reader(self._left)
        check_columns(names_of(stream), self._task.columns, part.source)
        return stream


class _Held(threading.local):
    """The desk that this thread used last, by the key of its task: desks are not made for several threads."""

    def __init__(self) -> None:
        self.desks: dict[str, TableDesk] = {}


_HELD: Final = _Held()


def bad_record(part: TablePart, problems: Iterable[Problem]) -> Record:
    """What is to be said of a part that could not be evaluated."""
    whole = Span.whole(part.source)
    named = [
        problem._replace(
            message=f"{part.name}: {problem.message}", span=(problem.span or whole)._replace(file=part.source)
        )
        for problem in problems
    ]
    told = [problem_data(problem) for problem in named]
    return {**_common(part), "status": "bad", "files": {}, "problems": told}


def _common(part: TablePart) -> Record:
    return {"name": part.name, "source": part.source, "sha256": part.sha256, "first": part.first, "rows": part.rows}


def check_columns(found: list[str], wanted: tuple[str, ...], source: str) -> None:
    """Raise InputError if a table has other columns than the first one; their order does not matter."""
    span = Span.whole(source)
    hint = "all tables of a batch have the columns of the first one"
    more = [f"the column {quoted(name)} is not in the first table" for name in sorted(set(found) - set(wanted))]
    less = [f"there is no column {quoted(name)} here" for name in sorted(set(wanted) - set(found))]
    twice = [f"the column {quoted(name)} is given twice" for name in sorted(set(found)) if found.count(name) > 1]
    problems = [Problem("V113", message, hint, span) for message in more + less]
    problems += [Problem("V102", message, "keep one of the two", span) for message in twice]
    if problems:
        raise InputError(problems)


def _expected(batches: Iterator[Any], part: TablePart, beat: Beat) -> Iterator[Any]:
    """The batches, which have to have as many rows as the part."""
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        yield batch
        beat()
    if part.rows is not None and rows != part.rows:
        message = f"{rows:,} rows were read where there were {part.rows:,} before"
        hint = "do not change a table while it is evaluated"
        raise InputError([Problem("V120", message, hint, Span.whole(part.source))])


def counted(batches: Iterator[Any], leads: dict[str, Counter[str]]) -> Iterator[Any]:
    """The batches, with a count of the leads of each threat and layer, by the name of their column."""
    for batch in batches:
        count_names(batch, ".leads", leads)
        yield batch
