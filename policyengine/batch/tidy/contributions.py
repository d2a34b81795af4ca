"""What makes up the scores: every firing that gives points or bars somebody, with its rule and its claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine.batch.tidy.columns import Column, Row, Table, listed
from policyengine.batch.writers import Evaluated

_NO_SUCH: Final = "the rule speaks of none"
_COLUMNS: Final = (
    Column("firing", "integer", "Its place in the list `firings` of the result in JSON, the first is 0.", low=0),
    Column("kind", "text", "What it does; a bar takes the jurisdiction out whatever its points.",
           values=("score", "bar", "lead bar", "favour")),
    Column("threat", "text", "The threat it is about.", "it favours a model whatever the threat"),
    Column("layer", "text", "The layer it is about.", "it favours a model"),
    Column("jurisdiction", "text", "Who gets the points, or is barred.", "it favours a model whoever acts"),
    Column("model", "text", "The model that it favours.", "it is about a layer"),
    Column("pack", "text", "The pack of the rule."),
    Column("rule", "text", "The rule, as PACK/RULE."),
    Column("nature", "text", "What ought to be, or what is.", values=("normative", "descriptive")),
    Column("claims", "text", "The claims that the rule carries, as SOURCE/CLAIM, with a space between.",
           "a row of a table without a claim"),
    Column("strength", "integer", "What it adds to the score; 0 for bars.", unit="millionths of a point"),
    Column("tie", "text", "The tie through which the rule holds.", _NO_SUCH),
    Column("partner", "text", "The other party of that tie.", _NO_SUCH),
    Column("other", "text", "The other jurisdiction that the rule compares with.", _NO_SUCH),
)  # fmt: skip


def _rows(made: Evaluated) -> Iterator[Row]:
    effects = {rule.name: rule.effects for rule in made.rulebook.rules}
    for number, fired in enumerate(made.result.firings):
        if fired.kind not in ("score", "bar", "favour"):
            continue
        effect, subject = effects[fired.rule][fired.effect], fired.subject
        favours = fired.kind == "favour"
        note = made.result.rules[fired.rule]
        yield (
            number, "lead bar" if effect.lead_only else fired.kind,
            subject.get("threat"), None if favours else effect.target, subject.get("jurisdiction"),
            (subject["model"] if effect.target == "model" else effect.target) if favours else None,
            fired.rule.partition("/")[0], fired.rule, note.nature, listed(note.claims), fired.strength,
            subject.get("tie"), subject.get("partner"), subject.get("other"),
        )  # fmt: skip


CONTRIBUTIONS: Final = Table(
    "contributions",
    "One firing of a rule. The score of a view is the sum of `strength` over the rules of its packs: "
    "of all packs for `all`, of all but the other opinion packs for one opinion.",
    ("name", "firing"),
    _COLUMNS,
    _rows,
)
