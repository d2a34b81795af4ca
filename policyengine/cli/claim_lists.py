"""List claims, and check them against a copy of their source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from policyengine.cli.explanation import known
from policyengine.cli.inputs import named_packs
from policyengine.cli.output import deliver
from policyengine.errors.exit_codes import FINDINGS, GOOD
from policyengine.report.claims import carried_claims, claims_data, claims_report
from policyengine.report.verification import is_bad, verification_data, verification_report
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.verification import verify
from policyengine.source.octets import check_file, decode, read_octets


def list_claims(source: str | None, packs: Sequence[str], form: str, *, uncarried: bool) -> None:
    """List the claims of all sources of the packs, or of one."""
    rulebook = load_rulebook(packs or named_packs([]))
    known("--source", source, rulebook.sources)
    found = carried_claims(rulebook, source, uncarried=uncarried)
    deliver(form, lambda: claims_data(found), lambda: claims_report(rulebook, found))


def verify_claims(file: Path, source: str | None, packs: Sequence[str], form: str) -> int:
    """Compare the register of a source with a copy of it; 1 if they do not agree."""
    rulebook = load_rulebook(packs or named_packs([]))
    known("--source", source, rulebook.sources)
    name = source or _recorded(rulebook)
    findings = verify(rulebook.sources[name].claims, _text(file))
    deliver(form, lambda: verification_data(findings), lambda: verification_report(name, str(file), findings))
    return FINDINGS if any(map(is_bad, findings)) else GOOD


def _recorded(rulebook: Rulebook) -> str:
    """The one source whose wording was recorded."""
    names = [name for name, source in rulebook.sources.items() if any(claim.fingerprint for claim in source.claims)]
    if len(names) != 1:
        raise click.UsageError(f"--source is needed: the wording of {len(names)} sources was recorded")
    return names[0]


def _text(file: Path) -> str:
    """The copy as text. Form feeds and the like, as they stand in texts made from pages, do no harm here."""
    check_file(file)
    data = read_octets(file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(file, data)
