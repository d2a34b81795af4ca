"""Run whole-scenario tests on every engine and compare what comes out with what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing

from policyengine.assess.result import Cell, Result
from policyengine.engines.interface import make_engine
from policyengine.engines.reasons import facts_with_marks
from policyengine.evaluation import evaluate_scenario
from policyengine.rulebook.facts import Facts, facts_of
from policyengine.rulebook.rule import Rule, Rulebook, mark_text
from policyengine.rulebook.test_file import About, ScenarioTest
from policyengine.ruletests.expectations import limits, rule_named
from policyengine.ruletests.outcome import Miss, Outcome
from policyengine.ruletests.reading import ReadyTest
from policyengine.ruletests.reasons import condition_lines, standing_lines

Watch = Callable[[Rule, Rulebook, Facts], None]
"""Told of every evaluation: each rule, the rulebook and the facts, marks included."""


def run_test(ready: ReadyTest, group: str, own: str, engines: Sequence[str], watch: Watch | None) -> Outcome:
    """Run one test; `own` is the pack in which it stands."""
    results = {}
    for name in engines:
        choice = make_engine(name, ready.rulebook)
        with closing(choice.engine):
            results[name] = evaluate_scenario(ready.file.scenario, ready.file.sha256, ready.rulebook, choice)
    facts = facts_of(ready.file.scenario, ready.rulebook.vocabulary)
    marked = facts_with_marks(ready.rulebook, facts)
    for rule in ready.rulebook.rules if watch is not None else ():
        assert watch is not None  # noqa: S101 - told above
        watch(rule, ready.rulebook, marked)
    first = next(iter(results.values()))
    differing = [name for name, result in results.items() if result.views != first.views]
    misses = [Miss("the engines disagree", "one answer", f"{', '.join(differing)} differ from {engines[0]}")] * bool(
        differing
    )
    misses += _Comparison(ready, own, first, marked).misses()
    return Outcome("test", group, ready.test.test, ready.span, tuple(engines), tuple(misses))


class _Comparison:
    """What one result lacks of what a test expects."""

    def __init__(self, ready: ReadyTest, own: str, result: Result, facts: Facts) -> None:
        self._test: ScenarioTest = ready.test
        self._rulebook, self._own, self._result, self._facts = ready.rulebook, own, result, facts
        self._cells = {cell.layer: cell for cell in result.views[0].cells if cell.threat == ready.threat}

    def misses(self) -> Iterator[Miss]:
        """Whatever came out otherwise, in the order of the fields of `expect`."""
        expect = self._test.expect
        for what in ("fired", "silent", "undecided"):
            for entry in getattr(expect, what):
                yield from self._rule(what, entry)
        for what, by_layer in (("leads", expect.leads), ("co-leads", expect.co_leads), ("supports", expect.supports)):
            for layer, names in by_layer.items():
                yield from self._who(what, layer, names)
        for what, numbers in (("share", expect.shares), ("points", expect.scores)):
            for layer, expected in numbers.items():
                for name, bounds in expected.items():
                    yield from self._number(what, self._cells[layer], name, bounds)
        for mark, names in expect.marks.items():
            yield from self._mark(mark, names)
        yield from self._other()

    def _other(self) -> Iterator[Miss]:
        expect, result = self._test.expect, self._result
        for layer, mode in expect.modes.items():
            yield from _differs(f"mode of {layer}", mode, self._cells[layer].mode)
        for layer, settled in expect.settled.items():
            yield from self._settled(self._cells[layer], settled=settled)
        yield from _contained("caution", expect.cautions, [each.text for each in result.cautions])
        yield from _contained("measure", expect.measures, [each.text for each in result.measures])
        if expect.model is not None:
            best = [each.model for each in result.views[0].models if each.rank == 1]
            yield from _differs("best model", expect.model, " and ".join(best) or "none")

    def _rule(self, what: str, entry: str | About) -> Iterator[Miss]:
        name, subject = (entry.rule, entry.subject) if isinstance(entry, About) else (entry, [])
        rule = rule_named(self._rulebook, self._own, name)
        assert rule is not None  # noqa: S101 - the reader refuses a name that no rule has
        found = self._did(rule, subject)
        if found != what:
            about = f" for {' and '.join(subject)}" if subject else ""
            reasons = tuple(condition_lines(rule, self._rulebook, self._facts, subject))
            yield Miss(f"{rule.name}{about}", what, found, reasons)

    def _did(self, rule: Rule, subject: Sequence[str]) -> str:
        def about(of: dict[str, str]) -> bool:
            return set(subject) <= set(of.values())

        open_ = any(each.rule == rule.name and any(map(about, each.subjects)) for each in self._result.undecided)
        fired = any(each.rule == rule.name and about(each.subject) for each in self._result.firings)
        return "fired" if fired else "undecided" if open_ else "silent"

    def _who(self, what: str, layer: str, expected: Iterable[str]) -> Iterator[Miss]:
        roles = {"leads": ("lead", "co-lead"), "co-leads": ("co-lead",), "supports": ("support",)}[what]
        found = [each.jurisdiction for each in self._cells[layer].standings if each.role in roles]
        wanted, came = sorted(expected), sorted(found)
        if wanted != came:
            different = set(wanted) | set(came)
            reasons = tuple(standing_lines(self._result, self._cells[layer], different))
            yield Miss(f"{what} on {layer}", ", ".join(wanted) or "nobody", ", ".join(came) or "nobody", reasons)

    def _number(self, what: str, cell: Cell, name: str, bounds: str | float) -> Iterator[Miss]:
        low, high = limits(bounds)
        standing = next((each for each in cell.standings if each.jurisdiction == name), None)
        unit = " %" if what == "share" else ""
        found: float = 0
        if standing is not None:
            found = standing.score / 1e6 if what == "points" else standing.share or 0
        if not low <= found <= high:
            wanted = f"{low:g}{unit}" if low == high else f"{low:g} to {high:g}{unit}"
            reasons = tuple(standing_lines(self._result, cell, [name]))
            yield Miss(f"{what} of {name} on {cell.layer}", wanted, f"{found:g}{unit}", reasons)

    def _mark(self, mark: str, expected: Sequence[str]) -> Iterator[Miss]:
        """Who carries a mark, of whichever pack; the reasons are those of the rules that could set it."""
        targets = sorted(each for each in self._rulebook.marks if mark_text(each) == mark)
        carries = [
            record["id"] for each in targets for record in self._facts.marked(each) if record[each.partition(".")[2]]
        ]
        wanted, came = sorted(expected), sorted(set(carries))
        if wanted != came:
            different = sorted(set(wanted) ^ set(came))
            reasons = [line for name in different for line in self._marking(set(targets), name)]
            yield Miss(f"mark {mark}", ", ".join(wanted) or "nobody", ", ".join(came) or "nobody", tuple(reasons))

    def _marking(self, targets: set[str], name: str) -> Iterator[str]:
        """What the rules that could set a mark saw of one that carries it, or does not."""
        for rule in self._rulebook.rules:
            if rule.sets & targets:
                yield f"  {rule.name} for {name}:"
                yield from (f"  {line}" for line in condition_lines(rule, self._rulebook, self._facts, [name]))

    def _settled(self, cell: Cell, *, settled: bool) -> Iterator[Miss]:
        if cell.settled != settled:
            told = {True: "settled", False: "unsettled"}
            could = [each for each in self._result.undecided if f"{cell.threat}/{cell.layer}" in each.could_change]
            reasons = tuple(f"  {each.rule} needs {', '.join(each.missing)}" for each in could)
            yield Miss(f"leads on {cell.layer}", told[settled], told[cell.settled], reasons)


def _differs(what: str, expected: str, found: str) -> Iterator[Miss]:
    if expected != found:
        yield Miss(what, expected, found)


def _contained(what: str, expected: Iterable[str], found: Sequence[str]) -> Iterator[Miss]:
    for text in expected:
        if not any(text in each for each in found):
            yield Miss(what, f"one that says {text!r}", "none that does", tuple(f"  {each}" for each in found))
