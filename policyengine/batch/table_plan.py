"""From files to the parts of a table. How it is cut hangs on the files alone, and not on who will do it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from policyengine.batch.hashes import hash_of
from policyengine.batch.places import place_at
from policyengine.batch.table_inputs import hash_of_table
from policyengine.batch.table_parts import PART, TableForm, TablePart, TableTask, check_columns
from policyengine.errors import InputError, Problem, Problems, Span
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.source import real_path
from policyengine.source.addresses import Address
from policyengine.tables.arrow import names_of
from policyengine.tables.evaluate import Ground
from policyengine.version import VERSION

PART_ROWS: Final = 250_000
"""So many rows a part has, if the groups of its file allow it."""
_TOGETHER: Final = 16
Found = TypeVar("Found")
Sizes = list[int] | None


def parts_of(
    sources: Iterable[Path | Address], rows: int = PART_ROWS, hashes: Callable[[Path], str] = hash_of
) -> list[TablePart]:
    """The parts of some files, in their order; a file that cannot be read is one part, and is missed there.

    `hashes` gives the hash of a file of this machine.
    """
    files = list(sources)
    far = [each for each in files if isinstance(each, Address)]
    with ThreadPoolExecutor(_TOGETHER) as asked:  # a store takes a while for each answer
        answers = asked.map(_looked_at, far)
        looked = [next(answers) if isinstance(each, Address) else _looked_at(each, hashes) for each in files]
    pieces = (piece for whole, sizes in _told_apart(looked) for piece in _cut(whole, sizes, rows))
    return [piece._replace(name=PART.format(number)) for number, piece in enumerate(pieces)]


def _looked_at(source: Path | Address, hashes: Callable[[Path], str] = hash_of) -> tuple[TablePart, Sizes]:
    """A file as one part, and how many rows its groups have."""
    far = source if isinstance(source, Address) else None
    whole = TablePart("", str(source), hash_of_table(source, hashes), address=far)
    try:
        return whole, whole.table().sizes()
    except InputError:
        return whole, None


def _told_apart(looked: Iterable[tuple[TablePart, Sizes]]) -> Iterator[tuple[TablePart, Sizes]]:
    """Files whose addresses differ only in what is not shown get a number."""
    often: Counter[str] = Counter()
    for whole, sizes in looked:
        often[whole.source] += 1
        number = often[whole.source]
        yield (whole if number == 1 else whole._replace(source=f"{whole.source} ({number})")), sizes


def _cut(whole: TablePart, sizes: Sizes, most: int) -> Iterator[TablePart]:
    if not sizes:
        yield whole
        return
    start, held, first = 0, 0, 0
    for place, size in enumerate(sizes):
        if held and held + size > most:
            yield whole._replace(start=start, stop=place, first=first, rows=held)
            start, held, first = place, 0, first + held
        held += size
    yield whole._replace(start=start, stop=len(sizes), first=first, rows=held)


def task_of(
    base: ScenarioFile, rulebook: Rulebook, parts: Sequence[TablePart], form: TableForm, out: Path | Address
) -> TableTask:
    """The task of these parts, in which the first file that can be read decides about the columns.

    Raises InputError if no file can be read, a column cannot vary, or no part has a first row that is good.
    """
    source, columns = _first_good(parts, lambda part: (part.source, tuple(names_of(part.table().reader()))))
    with _told_of(source):
        ground = Ground(base.scenario, rulebook, columns)
    first = _first_good(parts, lambda part: _first_row(ground, part, columns))
    where = real_path(out) if isinstance(out, Path) else out
    return TableTask(base.scenario, rulebook, _origin(base, rulebook), columns, first, form, place_at(where))


def _first_good(parts: Sequence[TablePart], look: Callable[[TablePart], Found]) -> Found:
    """What is found in the first part in which it can be found; raises InputError with what is wrong with the first."""
    wrong: InputError | None = None
    for part in parts:
        try:
            return look(part)
        except InputError as error:
            wrong = wrong or error
    raise wrong or InputError([Problem("V110", "there is no table here", "name files with tables")])


def _first_row(ground: Ground, part: TablePart, columns: tuple[str, ...]) -> dict[str, Any]:
    table = part.table()
    stream = table.reader()
    check_columns(names_of(stream), columns, part.source)
    problems = Problems()
    row = table.first_row(stream)
    if row is None:
        hint = "give one row for each variation"
        raise InputError([Problem("V110", "the table has no rows", hint, Span.whole(part.source))])
    rows = ground.rows(row, part.first, problems)
    with _told_of(part.source):
        problems.raise_if_any()
    return ground.first_values(rows.columns)


@contextmanager
def _told_of(source: str) -> Iterator[None]:
    """Mistakes of a table with the file that they stand in."""
    try:
        yield
    except InputError as error:
        span = Span.whole(source)
        raise InputError(problem._replace(span=problem.span or span) for problem in error.problems) from None


def _origin(base: ScenarioFile, rulebook: Rulebook) -> str:
    parts = [VERSION, base.sha256, [(pack.id, pack.sha256) for pack in rulebook.packs]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
