"""Every claim of a source is carried by a rule, or says why none does."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.pack_places import shipped_packs


def check(study: Study) -> Iterator[Finding]:
    """Report claims without rule and without excuse.

    Of a register that is shipped for several packs each carries what concerns it: its claims are nobody's only if all
    shipped packs are examined together.
    """
    carried = {claim for rule in study.all_rules for claim in rule.claims}
    carried |= {parameter.claim for parameter in study.rulebook.parameters.values() if parameter.claim}
    together = study.asked >= frozenset(shipped_packs())
    shared: set[str] = set()
    for pack in study.packs:
        if not study.reads_whole(pack.id):
            continue
        for name in pack.file.sources:
            own = (pack.folder / "seeds" / f"{name}.yaml").is_file()
            first = own or (together and name not in shared)
            shared.add(name)
            source = study.rulebook.sources.get(name) if first else None
            for index, claim in enumerate(source.claims if source else ()):
                if f"{name}/{claim.claim}" not in carried and claim.excuse is None:
                    message = f"no rule carries the claim '{claim.claim}', and it has no excuse"
                    scaffold = f"policyengine rules new NAME --claim {name}/{claim.claim}"
                    hint = f"write a rule for it ({scaffold}), or give the claim an 'excuse' that says why not"
                    location = ("claims", index, "claim")
                    yield Finding(pack.id, name, location, "R101", message, hint, within="source")
