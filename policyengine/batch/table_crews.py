"""Who evaluates the parts of a table on a cluster: one part is one task."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from functools import partial

from policyengine.batch.cluster.ground import Ground
from policyengine.batch.cluster.interface import Cluster, Task, carried_out
from policyengine.batch.records import Record
from policyengine.batch.table_parts import TablePart, TableTask, bad_record, carry_out_table_part
from policyengine.errors import Problem, Span

_ALONE = "-alone"


def carry_out_on(
    cluster: Cluster, ground: Ground, task: TableTask, parts: Iterable[TablePart]
) -> Generator[Record, None, None]:
    """The record of each part, when its result is on the disk; a part that ends its workers is told of as bad."""
    under_way: dict[str, TablePart] = {}

    def tasks() -> Iterable[Task]:
        for part in parts:
            under_way[part.name] = part
            yield Task(part.name, partial(carry_out_table_part, task, part))

    def alone(lost: Task) -> Iterable[Task]:
        return [Task(lost.name + _ALONE, lost.work)]

    with closing(carried_out(cluster, tasks(), ground, alone)) as outcomes:
        for outcome in outcomes:
            part = under_way.pop(outcome.task.name.removesuffix(_ALONE))
            yield _lost(part, ground.timeout) if outcome.lost else outcome.value


def _lost(part: TablePart, limit: float) -> Record:
    slow = f" or took longer than {limit:g} seconds for some of its rows" if limit else ""
    rows = "all rows" if part.rows is None else f"rows {part.first + 1:,} to {part.first + part.rows:,}"
    message = f"{rows} of this table ended each process of the cluster that evaluated them{slow}"
    hint = "the other parts went on; give the workers more memory, or evaluate these rows alone"
    return bad_record(part, [Problem("E301", message, hint, Span.whole(part.source))])
