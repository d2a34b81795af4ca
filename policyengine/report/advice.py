"""What the rules recommend, what they warn of, and what could not be decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.assess.result import Caution, Measure, Open, Result
from policyengine.report.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.facts import Facts
from policyengine.report.names import Names
from policyengine.report.words import count, listing, words

_MOST_PARTIES = 6
_MOST_ABOUT = 3
_MOST_OPEN = 6
_FEWEST_OPEN = 3
_MOST_MISSING = 2
_MOST_FACTS = 8


def measures(result: Result) -> Iterator[Block]:
    """Things to do; the same thing for several parties stands once."""
    if not result.measures:
        return
    yield Heading("Measures")
    grouped: dict[str, list[Measure]] = {}
    for measure in result.measures:
        grouped.setdefault(measure.text, []).append(measure)
    yield Items(tuple(_measure(result, text, same) for text, same in grouped.items()))


def _measure(result: Result, text: str, same: Sequence[Measure]) -> Item:
    names = Names(result)
    parties = [" with ".join(names.actors(measure.parties)) for measure in same if measure.parties]
    shown = "; ".join(parties[:_MOST_PARTIES])
    if len(parties) > _MOST_PARTIES:
        shown += f"; and {len(parties) - _MOST_PARTIES} more"
    threats = dict.fromkeys(threat for measure in same for threat in measure.threats)
    where = (
        f"; for {listing([names.threat(threat) for threat in threats])}"
        if 0 < len(threats) < len(result.threats)
        else ""
    )
    packs = dict.fromkeys(result.firings[place].rule.partition("/")[0] for measure in same for place in measure.firings)
    return Item(phrase(strong(text), f": {shown}" if shown else "", where, quiet(f" ({listing(list(packs))})")))


def cautions(result: Result) -> Iterator[Block]:
    """Warnings of the rules and of the run, with what they are about."""
    if not result.cautions:
        return
    yield Heading("Cautions")
    yield Items(tuple(_caution(result, caution) for caution in result.cautions))


def _caution(result: Result, caution: Caution) -> Item:
    about = list(_about(result, caution))
    shown = listing(about, _MOST_ABOUT)
    tail = [part for part in (f"about {shown}" if about else "", ", ".join(caution.rules)) if part]
    return Item(phrase(caution.text, quiet(f" ({'; '.join(tail)})" if tail else "")))


def _about(result: Result, caution: Caution) -> Iterator[str]:
    """Whom a caution is about, threat by threat where there are several."""
    names = Names(result)
    threats = {threat.id for threat in result.threats}
    grouped: dict[str, list[str]] = {}
    for subject in caution.about:
        terms = subject.split(", ")
        threat = terms.pop(0) if terms[0] in threats else ""
        who = names.anything(terms[0]) if terms else ""
        basis = f" ({', '.join(map(words, terms[1:]))})" if terms[1:] else ""
        grouped.setdefault(threat if len(threats) > 1 else "", []).append(who + basis)
    for threat, subjects in grouped.items():
        whom = listing(list(dict.fromkeys(filter(None, subjects))), _MOST_ABOUT)
        head = names.threat(threat) if threat else ""
        if whom or head:
            yield f"{head}: {whom}" if whom and head else whom or head


def unknowns(result: Result, all_named: str = "--format json names them all") -> Iterator[Block]:
    """The rules that could not be decided: those that could change a lead first, the rest in numbers.

    `all_named` says where the rest is named.
    """
    yield Heading("What is not known")
    if not result.undecided:
        yield Paragraph(phrase("Every rule could be decided."))
        return
    grave = [each for each in result.undecided if each.could_change]
    unsettled = any(not cell.settled for cell in result.views[0].cells)
    yield Paragraph(phrase(_how_many(len(result.undecided), len(grave), together=unsettled)))
    shown = result.undecided[: min(max(len(grave), _FEWEST_OPEN), _MOST_OPEN)]
    rest = len(result.undecided) - len(shown)
    items = [_open(result, each) for each in shown]
    if rest:
        worse = max(len(grave) - len(shown), 0)
        tail = f", {worse} of which could change a lead" if worse else ", none of which could change a lead alone"
        items.append(Item((quiet(f"and {count(rest, 'more rule')}{tail}; {all_named}"),)))
    yield Items(tuple(items))


def all_open(result: Result) -> Iterator[Block]:
    """Every rule that could not be decided, by the facts that it needs."""
    grave = [each for each in result.undecided if each.could_change]
    rest = [each for each in result.undecided if not each.could_change]
    if grave:
        yield Heading("Facts that could change a lead", 2)
        yield Items(tuple(_by_facts(result, grave)))
    if rest:
        yield Heading("Facts on which no lead hangs alone", 2)
        yield Items(tuple(_by_facts(result, rest)))


def _by_facts(result: Result, rules: Sequence[Open]) -> Iterator[Item]:
    """Rules that need the same facts and could change the same leads, together."""
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for each in rules:
        grouped.setdefault((_facts(each), each.could_change), []).append(each.rule)
    facts = Facts(result)
    for (paths, cells), named in grouped.items():
        changes = phrase("; ", warning(f"could change {_places(result, cells)}")) if cells else ()
        yield Item(phrase(facts.told(paths, _MOST_FACTS), f": {listing(named)}", changes))


def _how_many(undecided: int, grave: int, *, together: bool) -> str:
    if grave:
        which = f"{grave} of them could change a lead"
    else:
        which = "none of them could change a lead alone" + (", but together they could" if together else "")
    return f"{count(undecided, 'rule')} could not be decided for want of facts; {which}:"


def _open(result: Result, rule: Open) -> Item:
    changes = (
        warning(f"could change {_places(result, rule.could_change)}")
        if rule.could_change
        else quiet("(no lead hangs on it alone)")
    )
    reason = f": {result.rules[rule.rule].why}" if rule.rule in result.rules else ""
    return Item(phrase(Facts(result).told(_facts(rule), _MOST_MISSING), " ", changes, reason, quiet(f" ({rule.rule})")))


def _facts(rule: Open) -> tuple[str, ...]:
    """What would have to be written into the file; a mark cannot be, but the facts behind it mostly stand beside it."""
    return tuple(path for path in rule.missing if ".marks." not in path) or rule.missing


def _places(result: Result, cells: Sequence[str]) -> str:
    """Layers, with their threats where there are several: `threat/layer` in the result."""
    parted = [(threat, layer) for threat, _, layer in (cell.partition("/") for cell in cells)]
    return listing(Names(result).places(parted), _MOST_ABOUT)
