"""What a test expects, held against the words of its scenario and packs before anything is run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.rule import Rule, Rulebook, mark_text
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.rulebook.test_file import About, Expected

_BY_LAYER = ("leads", "co_leads", "supports", "shares", "scores", "modes", "settled")


def rule_named(rulebook: Rulebook, own: str, name: str) -> Rule | None:
    """The rule that a test names: `pack/rule`, or one of the pack itself by its own name."""
    full = {rule.name: rule for rule in rulebook.rules}
    return full.get(name) or full.get(f"{own}/{name}")


def about_layers(expect: Expected) -> bool:
    """Whether anything is expected of the layers of one threat."""
    return any(getattr(expect, part) for part in _BY_LAYER)


_Wrong = tuple[str, str, tuple[str | int, ...]]


def unknown_names(expect: Expected, file: ScenarioFile, rulebook: Rulebook, own: str) -> Iterator[_Wrong]:
    """What is named and is not there: message, hint and place below `expect`."""
    yield from _unknown_rules(expect, file, rulebook, own)
    layers = rulebook.vocabulary.words("layers")
    actors = [each.id for each in file.scenario.jurisdictions]
    for part in _BY_LAYER:
        for layer, value in getattr(expect, part).items():
            yield from _unknown("layer", layer, layers, (part, layer))
            for place_, name in enumerate(value if isinstance(value, list | dict) else ()):
                yield from _unknown(
                    "jurisdiction", name, actors, (part, layer, name if isinstance(value, dict) else place_)
                )
    marks = sorted({mark_text(mark) for mark in rulebook.marks if not mark.startswith("burden.")})
    for mark, names in expect.marks.items():
        yield from _unknown("mark", mark, marks, ("marks", mark))
        able = actors if mark.startswith("jurisdiction.") else [each.id for each in file.scenario.threats]
        for place_, name in enumerate(names):
            yield from _unknown(mark.partition(".")[0], name, able, ("marks", mark, place_))
    if expect.model is not None:
        yield from _unknown("model", expect.model, rulebook.vocabulary.words("models"), ("model",))


def _unknown_rules(expect: Expected, file: ScenarioFile, rulebook: Rulebook, own: str) -> Iterator[_Wrong]:
    scenario = file.scenario
    ids = [each.id for each in (*scenario.threats, *scenario.jurisdictions, *(scenario.ties or ()))]
    names = [rule.name for rule in rulebook.rules]
    short = [rule.id for rule in rulebook.rules if rule.pack == own]
    for part in ("fired", "silent", "undecided"):
        for index, entry in enumerate(getattr(expect, part)):
            about = isinstance(entry, About)
            name = entry.rule if isinstance(entry, About) else entry
            location = (part, index, "rule") if about else (part, index)
            if rule_named(rulebook, own, name) is None:
                yield f"there is no rule {quoted(name)}", _rule_hint(name, names, short), location
            for place_, each in enumerate(entry.subject if isinstance(entry, About) else ()):
                yield from _unknown("entry of the scenario", each, ids, (part, index, "for", place_))


def _rule_hint(name: str, names: Sequence[str], short: Sequence[str]) -> str:
    """What was meant: a rule of another pack needs the name of its pack."""
    elsewhere = [each for each in names if each.endswith(f"/{name}")]
    if elsewhere:
        return f"a rule of another pack is named with its pack: write {' or '.join(elsewhere)}"
    return near_or_list(name, names if "/" in name else short)


def _unknown(
    kind: str, name: str, known: Collection[str] | Sequence[str], location: tuple[str | int, ...]
) -> Iterator[_Wrong]:
    if name not in known:
        yield f"there is no {kind} {quoted(name)}", near_or_list(name, known), location


def upside_down(expect: Expected) -> Iterator[tuple[str | int, ...]]:
    """The places below `expect` of bounds of which the lower one is the higher."""
    for part in ("shares", "scores"):
        for layer, numbers in getattr(expect, part).items():
            for name, bounds in numbers.items():
                low, high = limits(bounds)
                if low > high:
                    yield (part, layer, name)


def limits(bounds: str | float) -> tuple[float, float]:
    """The least and the greatest number that are meant."""
    low, _, high = str(bounds).partition("..")
    return float(low), float(high or low)
