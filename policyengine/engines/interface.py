"""What an engine is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from policyengine.firing import FiringTable
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.rule import Rulebook


class Engine(Protocol):
    """Made for one rulebook; evaluates any number of facts with it."""

    @property
    def name(self) -> str:
        """The engine's name, as `--engine` takes it."""

    def run(self, facts: Facts) -> FiringTable:
        """The firings and undecided effects for these facts, which stay as they are."""

    def close(self) -> None:
        """Give back what the engine holds outside Python."""


@runtime_checkable
class ManyEngine(Engine, Protocol):
    """An engine that is faster with many at once."""

    def run_many(self, many: Sequence[Facts]) -> Sequence[FiringTable]:
        """The firings for each of several facts, as `run` gives them."""


def run_all(engine: Engine, many: Sequence[Facts]) -> Sequence[FiringTable]:
    """The firings for each of several facts."""
    return engine.run_many(many) if isinstance(engine, ManyEngine) else [engine.run(facts) for facts in many]


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that was made, and why it is not the one asked for, if it is not."""

    engine: Engine
    note: str = ""


def _reference(rulebook: Rulebook) -> Engine:
    from policyengine.engines.reference import Reference

    return Reference(rulebook)


def _rete(rulebook: Rulebook) -> Engine:
    from policyengine.engines.rete import Rete

    return Rete(rulebook)


def _columnar(rulebook: Rulebook) -> Engine:
    from policyengine.engines.columnar import Columnar

    return Columnar(rulebook)


ENGINES: dict[str, Callable[[Rulebook], Engine]] = {"rete": _rete, "reference": _reference, "columnar": _columnar}
DEFAULT = "rete"
TOGETHER = {"columnar": 160}
"""Engines that are faster with many facts at once, with how many are enough."""


def make_engine(name: str, rulebook: Rulebook) -> Choice:
    """Make an engine; where its library cannot be imported, the reference engine with a note that says why.

    Raises KeyError for a name that is not in `ENGINES`.
    """
    try:
        return Choice(ENGINES[name](rulebook))
    except ImportError as error:
        return Choice(_reference(rulebook), f"engine '{name}' is not available ({error}); 'reference' ran instead")
