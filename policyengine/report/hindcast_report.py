"""The hindcast as a report: totals beside baselines, every trial, every miss, and what none of it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policyengine.analysis.hindcast import GROUPS, Hindcast, Prediction, Total, Trial
from policyengine.analysis.intervals import RESAMPLES, SEED, Mean, Proportion
from policyengine.report.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Group,
    Heading,
    Item,
    Items,
    Paragraph,
    Table,
    Title,
    Tone,
    phrase,
    strong,
)
from policyengine.report.words import words

JUDGED: Final = "descriptive"
"""The predictor that the figure judges: rules that say what is."""

LIMITS: Final = (
    "A record of who led says nothing of who ought to lead: a rule on what ought to be is no worse for differing.",
    "Leading is not succeeding: many recorded leads were criticised by inquiries.",
    "One coder chose the cases and judged their attributes, knowing the outcomes; other cases may give other figures.",
    "Most sources were read as excerpts. Layers without a record count neither for nor against.",
    "No threshold or parameter was fitted to these cases, so none had to be left out in turn.",
    "Where a threat is was added to the model after the misses were seen, and coded by someone who knew the outcomes.",
    "Rules cite the law or the literature and no case; but whoever wrote them had read of the cases.",
)


def hindcast_report(found: Hindcast, notes: Mapping[str, str] | None = None) -> Iterator[Block]:
    """The whole report; `notes` discusses misses, by `case/layer`."""
    yield Title("Does it tell what happened? Documented cases")
    cases = len({trial.case for trial in found.trials})
    yield Paragraph(phrase(f"{len(found.trials)} layers of {cases} cases are on record. {_headline(found)}"))
    yield from _totals(found)
    yield from _trials(found)
    yield from _misses(found, notes or {})
    yield Heading("What these figures can and cannot show")
    yield Items(tuple(Item(phrase(limit)) for limit in LIMITS))


def _headline(found: Hindcast) -> str:
    """How the descriptive rules do beside the baselines, in one sentence."""
    totals = {(total.predictor, total.group): total for total in found.totals}
    judged = totals.get((JUDGED, "human agents")) or found.totals[0]
    others = [total for total in found.totals if total.group == judged.group and total.predictor != judged.predictor]
    beside = "; ".join(f"{total.predictor} {total.leads.hits}" for total in others)
    baselines = [total for total in others if found.predictors[total.predictor].startswith("baseline")]
    against = ", ".join(f"{_against(judged, total)} {total.predictor}" for total in baselines)
    plainly = f" That is {against}." if against else ""
    return (
        f"Of the {judged.leads.trials} with {judged.group}, {judged.predictor} rules name exactly the recorded leads "
        f"in {judged.leads.hits} (others: {beside}).{plainly}"
    )


def _against(judged: Total, baseline: Total) -> str:
    """How the judged rules stand to a baseline by exact leads, said plainly."""
    ahead = judged.leads.hits - baseline.leads.hits
    return "better than" if ahead > 0 else "no better than" if ahead == 0 else "worse than"


def _totals(found: Hindcast) -> Iterator[Block]:
    yield Heading("Totals")
    yield Facts(tuple((name, phrase(text)) for name, text in found.predictors.items()))
    columns = (
        Column("predictor"),
        Column("leads", "number"),
        Column("levels", "number"),
        Column("mode", "number"),
        Column("overlap", "number"),
    )
    groups = tuple(_group_of_totals(found, group) for group in GROUPS)
    yield Table(columns, groups, "group")
    yield Paragraph(
        phrase(
            "Leads: exactly the recorded jurisdictions. Levels: exactly their levels. Mode: how leads of several sides "
            "work together. Overlap: shared leads over all named ones, on average. In brackets 95 % intervals in per "
            "cent, with layers of one case taken as hanging together: Wilson's with the effective number of trials, "
            f"for the overlap from {RESAMPLES:,} resamples of cases (seed {SEED})."
        )
    )


def _group_of_totals(found: Hindcast, group: str) -> Group:
    members = [total for total in found.totals if total.group == group]
    rows = tuple(_total_row(total) for total in members)
    trials = members[0].leads.trials if members else 0
    return Group(rows, head=phrase(strong(f"{group}: {trials} layers")))


def _total_row(total: Total) -> tuple[Cell, ...]:
    tone = Tone.STRONG if total.predictor == JUDGED else Tone.PLAIN
    shares = (total.leads, total.levels, total.modes)
    return (
        Cell(total.predictor, tone),
        *(Cell(_proportion(each), tone) for each in shares),
        Cell(_mean(total.overlap), tone),
    )


def _proportion(found: Proportion) -> str:
    if not found.trials:
        return "-"
    return f"{found.share:.0%} [{100 * found.low:.0f}-{100 * found.high:.0f}]"


def _mean(found: Mean) -> str:
    return f"{found.value:.0%} [{100 * found.low:.0f}-{100 * found.high:.0f}]"


def _trials(found: Hindcast) -> Iterator[Block]:
    yield Heading("Case by case")
    shown = JUDGED if JUDGED in found.predictors else next(iter(found.predictors))
    columns = (Column("layer"), Column("on record", "words"), Column(f"{shown} rules say", "words"), Column("", "text"))
    groups = []
    for case in dict.fromkeys(trial.case for trial in found.trials):
        members = [trial for trial in found.trials if trial.case == case]
        year = f" ({members[0].year})" if members[0].year else ""
        groups.append(Group(tuple(_trial_row(trial, shown) for trial in members), head=phrase(strong(case), year)))
    yield Table(columns, tuple(groups), "case")


def _trial_row(trial: Trial, shown: str) -> tuple[Cell, ...]:
    prediction = trial.predictions[shown]
    verdict = "hit" if prediction.exact else "level" if prediction.same_levels else "miss"
    tone = Tone.WARNING if verdict == "miss" else Tone.PLAIN
    return Cell(words(trial.layer)), Cell(_named(trial.leads)), Cell(_named(prediction.leads)), Cell(verdict, tone)


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) or "nobody"


def _misses(found: Hindcast, notes: Mapping[str, str]) -> Iterator[Block]:
    shown = JUDGED if JUDGED in found.predictors else next(iter(found.predictors))
    missed = [trial for trial in found.trials if not trial.predictions[shown].exact]
    yield Heading(f"Misses of the {shown} rules, one by one")
    yield Items(tuple(_miss(trial, trial.predictions[shown], notes) for trial in missed))


def _miss(trial: Trial, prediction: Prediction, notes: Mapping[str, str]) -> Item:
    record = f"on record {_named(trial.leads)} ({trial.mode or 'mode not recorded'}, confidence {trial.confidence})"
    head = phrase(
        strong(f"{trial.case}/{trial.layer}"), f": {record}; predicted {_named(prediction.leads)} ({prediction.mode})"
    )
    inner = [Item(phrase(f"rules behind it: {', '.join(prediction.rules) or 'none fired'}"))]
    note = notes.get(f"{trial.case}/{trial.layer}")
    if note:
        inner.insert(0, Item(phrase(note)))
    return Item(head, tuple(inner))


def hindcast_data(found: Hindcast) -> dict[str, object]:
    """The hindcast as plain data, shares in whole per cents."""
    return {
        "format": "policyengine-hindcast/1",
        "predictors": dict(found.predictors),
        "totals": [_total_data(total) for total in found.totals],
        "trials": [_trial_data(trial) for trial in found.trials],
        "limits": list(LIMITS),
    }


def _total_data(total: Total) -> dict[str, object]:
    measures = {"leads": total.leads, "levels": total.levels, "modes": total.modes}
    shares = {name: _proportion_data(found) for name, found in measures.items()}
    return {"predictor": total.predictor, "group": total.group, **shares, "overlap": _mean_data(total.overlap)}


def _mean_data(found: Mean) -> dict[str, int]:
    return {"share": round(100 * found.value), "low": round(100 * found.low), "high": round(100 * found.high)}


def _proportion_data(found: Proportion) -> dict[str, int]:
    low, high = round(100 * found.low), round(100 * found.high)
    return {"hits": found.hits, "trials": found.trials, "share": round(100 * found.share), "low": low, "high": high}


def _trial_data(trial: Trial) -> dict[str, object]:
    return {
        "case": trial.case,
        "year": trial.year,
        "layer": trial.layer,
        "agent": trial.agent,
        "leads": list(trial.leads),
        "levels": list(trial.levels),
        "mode": trial.mode,
        "confidence": trial.confidence,
        "predictions": {name: _prediction_data(found) for name, found in trial.predictions.items()},
    }


def _prediction_data(found: Prediction) -> dict[str, object]:
    return {
        "leads": list(found.leads),
        "levels": list(found.levels),
        "mode": found.mode,
        "exact": found.exact,
        "same_levels": found.same_levels,
        "overlap": round(100 * found.overlap),
        "same_mode": found.same_mode,
        "rules": list(found.rules),
    }
