"""The C core of durable_rules, used only where it is exact and safe.

The core reads past its buffers on joins, answers `$not` and `$or` wrongly, and depends on the
locale for decimal numbers. So it gets none of these: each of its rules is a conjunction of tests of
one flat fact, every value is a whole number, each state begins with a sentinel fact, at most
`MOST_RULES` rules share a ruleset, and no text of a file reaches it.
"""

from __future__ import annotations

import os
import re
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import NamedTuple

MOST_RULES = 60
"""The core walks at most 64 true tests at once; rules of one conjunction each stay below."""
MOST_PROPERTIES = 150
MOST_FACTS = 250_000
"""Fact ids f0 ... f264601 are free of collisions in the core's 32-bit hash (measured)."""

_CAP = 65_535
_NAME = re.compile(r"p[0-9]{1,6}\Z")
_RULE = re.compile(r"[a-z][0-9]{1,6}c[0-9]{1,6}\Z")
_FACT = re.compile(r'"id":"f([0-9]+)"')
_WARM = '{"warm":1}'
_SENTINEL = '{"id":"warm","warm":1}'
_OPERATORS = {"==": "", "!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class Comparison(NamedTuple):
    """A property of the fact compared with a whole number."""

    property: str
    op: str
    value: int


def import_core() -> ModuleType:
    """Import the C module; raises ImportError with the reason in one line."""
    try:
        if sys.version_info >= (3, 13) and hasattr(sys, "setdlopenflags"):
            # The core names a function that Python 3.13 no longer has, in callbacks that we never use:
            # resolving names lazily lets the module load all the same.
            flags = sys.getdlopenflags()
            sys.setdlopenflags(os.RTLD_LAZY)
            try:
                import durable_rules_engine
            finally:
                sys.setdlopenflags(flags)
        else:
            import durable_rules_engine
    except ImportError as error:
        raise ImportError(f"durable_rules cannot be imported: {str(error).splitlines()[0]}") from error
    module: ModuleType = durable_rules_engine
    return module


def ordered(value: float) -> int:
    """A whole number for a float, in the same order (its IEEE 754 bits; -0.0 counts as 0.0)."""
    (bits,) = struct.unpack("<q", struct.pack("<d", value + 0.0))
    return int(bits) if bits >= 0 else -(int(bits) & 0x7FFF_FFFF_FFFF_FFFF)


def hash_of(name: str) -> int:
    """The 32-bit hash by which the core tells names apart (FNV-1a)."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 16_777_619) & 0xFFFF_FFFF
    return value


class Ruleset:
    """Up to `MOST_RULES` conjunctions over facts of one shape.

    A fact that lacks a property makes every test of that property false.
    """

    def __init__(self, core: ModuleType, rules: Mapping[str, Sequence[Comparison]]) -> None:
        names = {test.property for tests in rules.values() for test in tests}
        _refuse_unsafe(rules, names)
        members = [f'"{name}":{_rule_text(_tests(tests))}' for name, tests in rules.items()]
        members.append(f'"warm":{_rule_text(_WARM)}')
        self._core = core
        self._process = os.getpid()
        self._handle: int | None = core.create_ruleset(f"policyengine{id(self)}", "{" + ",".join(members) + "}")
        self.match(())  # the first state of a ruleset must see the sentinel before it is ever deleted

    def match(self, facts: Iterable[str]) -> list[tuple[str, int]]:
        """Which rule holds for which fact, as (rule, number of the fact); facts as made by `fact_text`."""
        if self._handle is None or os.getpid() != self._process:
            raise RuntimeError("a ruleset lives in the process that made it, until it is closed")
        hits: list[tuple[str, int]] = []
        core, handle = self._core, self._handle
        state = core.assert_fact(handle, _SENTINEL)[1]
        try:
            for text in facts:
                if core.assert_fact(handle, text)[0] not in (0, 1):
                    raise RuntimeError("the core refused a fact")
            started = core.start_action_for_state(handle, state)
            message = started[1] if started else None
            while message:
                rule = message[2 : message.index('"', 2)]
                hits += [(rule, int(number)) for number in _FACT.findall(message)]
                message = core.complete_and_start_action(handle, state)
        finally:
            core.delete_state(handle, "0")
        return hits

    def close(self) -> None:
        """Give the ruleset back; it cannot be used afterwards."""
        handle, self._handle = self._handle, None
        if handle is not None and os.getpid() == self._process:
            self._core.delete_ruleset(handle)


def fact_text(number: int, properties: str) -> str:
    """A fact as the core reads it; `properties` is made of `property_text` pieces."""
    return f'{{"id":"f{number}","k":1{properties}}}'


def property_text(name: str, value: int) -> str:
    """One property of a fact."""
    return f',"{name}":{value}'


def _rule_text(tests: str) -> str:
    return f'{{"all":[{{"m":{{"$and":[{tests}]}}}}],"cap":{_CAP}}}'


def _tests(tests: Sequence[Comparison]) -> str:
    return ",".join(['{"k":1}', *map(_test, tests)])


def _test(test: Comparison) -> str:
    body = f'{{"{test.property}":{test.value}}}'
    op = _OPERATORS[test.op]
    return f'{{"{op}":{body}}}' if op else body


def _refuse_unsafe(rules: Mapping[str, Sequence[Comparison]], names: set[str]) -> None:
    """Whatever could harm the core is a fault of ours, found before it gets there."""
    if len(rules) > MOST_RULES or len(names) > MOST_PROPERTIES:
        raise ValueError("too many rules or properties for one ruleset")
    if not all(map(_NAME.match, names)) or not all(map(_RULE.match, rules)):
        raise ValueError("a name that must not reach the core")
    if any(abs(test.value) >= 2**63 for tests in rules.values() for test in tests):
        raise ValueError("a number that must not reach the core")
    if len({hash_of(name) for name in (*names, "k", "id", "warm")}) != len(names) + 3:
        raise ValueError("two names with one hash")
