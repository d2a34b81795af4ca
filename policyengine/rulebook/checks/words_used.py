"""A fact that is declared and that no rule reads is asked of authors for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.vocabulary import FACT_SECTIONS, singular

_ROOTS = {
    "threat_attributes": "threat", "jurisdiction_attributes": "jurisdiction", "tie_attributes": "tie",
    "conditions": "scenario",
}  # fmt: skip


def check(study: Study) -> Iterator[Finding]:
    """Report declared facts that no rule reads."""
    read = {path[-1] for path in study.named}
    for pack in study.packs:
        # Words without any rule are declared for packs that are not at hand.
        for section in FACT_SECTIONS if study.rulebook.rules and study.reads_whole(pack.id) else ():
            group = "conditions" if section == "conditions" else "attributes"
            for word in getattr(pack.file.vocabulary, section):
                if f"{group}.{word}" not in read:
                    message = f"no rule reads the {singular(section)} '{word}'"
                    hint = f"use {_ROOTS[section]}.{group}.{word} in a rule, or take the word out"
                    yield Finding(pack.id, "", ("vocabulary", section, word), "R106", message, hint, "pack", key=True)
