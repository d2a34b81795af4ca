"""What is recommended, what is warned of, and what could not be decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine.batch.tidy.columns import Column, Row, Table, listed, text
from policyengine.batch.writers import Evaluated

_ADVICE: Final = (
    Column("number", "integer", "Its place among those of its kind in the result, the first is 0.", low=0),
    Column("kind", "text", "Whether it is to be done or to be minded.", values=("measure", "caution")),
    Column("text", "text", "What it says."),
    Column("about", "text", "Of a measure the parties, with a space between; of a caution what it is about, with a "
           "semicolon between.", "it names none"),
    Column("threats", "text", "Of a measure the threats it is for, with a space between.",
           "a measure for no threat of its own, or a caution"),
    Column("rules", "text", "The rules that say it, as PACK/RULE, with a space between.", "it is about the run itself"),
)  # fmt: skip
_UNDECIDED: Final = (
    Column("pack", "text", "The pack of the rule."),
    Column("rule", "text", "The rule that could not be decided, as PACK/RULE."),
    Column("missing", "text", "The path of a fact that is missing, as in the scenario file.",
           "no fact is missing: a value cannot be computed, such as a quotient by zero"),
    Column("subjects", "integer", "For how many subjects the rule is undecided; the same in each row of a rule.",
           low=1),
    Column("could_change", "integer", "On how many layers the rule, by itself, could change the leads, with all packs "
           "together; the same in each row of a rule.", low=0),
    Column("layers", "text", "These layers, as THREAT/LAYER, with a space between.", "it could change no lead"),
)  # fmt: skip


def _advice(made: Evaluated) -> Iterator[Row]:
    result = made.result
    for number, measure in enumerate(result.measures):
        rules = dict.fromkeys(result.firings[place].rule for place in measure.firings)
        about = listed(measure.parties), listed(measure.threats)
        yield number, "measure", text(measure.text), *about, listed(rules)
    for number, caution in enumerate(result.cautions):
        yield number, "caution", text(caution.text), text("; ".join(caution.about)), None, listed(caution.rules)


def _undecided(made: Evaluated) -> Iterator[Row]:
    for each in made.result.undecided:
        for path in each.missing or ("",):
            yield (
                each.rule.partition("/")[0], each.rule, text(path), len(each.subjects), len(each.could_change),
                listed(each.could_change),
            )  # fmt: skip


ADVICE: Final = Table("advice", "One measure or caution of a scenario.", ("name", "kind", "number"), _ADVICE, _advice)
UNDECIDED: Final = Table(
    "undecided",
    "One scenario, rule that could not be decided, and fact that is missing for it.",
    ("name", "rule", "missing"),
    _UNDECIDED,
    _undecided,
)
