"""Every claim of a source is carried by a rule, or says why none does."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study


def check(study: Study) -> Iterator[Finding]:
    """Report claims without rule and without excuse, of the registers that stand in the packs themselves."""
    carried = {claim for rule in study.rulebook.rules for claim in rule.claims}
    carried |= {parameter.claim for parameter in study.rulebook.parameters.values() if parameter.claim}
    for pack in study.packs:
        if not study.reads_whole(pack.id):
            continue
        for name in pack.file.sources:
            # Of a register that several packs share, each carries what concerns it.
            own = (pack.folder / "seeds" / f"{name}.yaml").is_file()
            source = study.rulebook.sources.get(name) if own else None
            for index, claim in enumerate(source.claims if source else ()):
                if f"{name}/{claim.claim}" not in carried and claim.excuse is None:
                    message = f"no rule carries the claim '{claim.claim}', and it has no excuse"
                    hint = (
                        "write a rule for it (policyengine rules new), or give the claim an 'excuse' that says why not"
                    )
                    location = ("claims", index, "claim")
                    yield Finding(pack.id, name, location, "R101", message, hint, within="source")
