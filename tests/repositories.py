"""A git repository with a pack of fire brigades, the pack of words that it extends, and scenarios, all made anew."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

WORDS = """\
pack: places
title: Places
version: 1.0.0
role: vocabulary
summary: Words for fires.
vocabulary:
  sides: {here: {means: Here}}
  levels: {upper: {means: Upper}, lower: {means: Lower}}
  layers: {quench: {means: Quench}, warn: {means: Warn}}
  threat_kinds: {fire: {means: Fire}, smoke: {means: Smoke}}
  capacities: {pumps: {means: Pumps}}
  models: {town_first: {means: The town first}, region_first: {means: The region first}}
"""
PACK = """\
pack: brigades
title: Brigades
version: 1.0.0
role: opinion
summary: Who quenches fires.
extends: [places]
sources: [memo]
parameters:
  large: {value: 0.5, low: 0.1, high: 0.9, means: Severity from which a fire is large}
  plenty: {value: 2, low: 1, high: 4, means: Points for much}
"""
MEMO = """\
source: memo
title: A memo
authors: [A test]
seen: whole
claims:
  - {claim: one, heading: All, position: 1, kind: claim, polarity: asserted, paraphrase: The town is near.}
"""
TOWN = """\
rule: town-is-near
claim: memo/one
nature: normative
why: The town is near.
when: jurisdiction.level == "lower"
then:
  - score: quench
    points: 1.5
  - favour: town_first
    points: 1
"""
REGION = """\
rule: region-is-strong
claim: memo/one
nature: normative
why: The region has more pumps.
when: threat.severity >= param.large and jurisdiction.level == "upper"
then:
  - score: quench
    points: param.plenty * threat.severity
"""
SCENARIO = """\
scenario: {name}
title: A fire called {name}
shows: What a test needs.
jurisdictions:
  - {{id: TOWN, name: The town, level: lower, side: here}}
  - {{id: REGION, name: The region, level: upper, side: here}}
ties: []
threats:
  - {{id: fire, name: The fire, kind: {kind}, severity: {severity}}}
"""


def scenario(name: str, severity: float, kind: str = "fire") -> str:
    """The text of a scenario with one threat."""
    return SCENARIO.format(name=name, severity=severity, kind=kind)


FILES = {
    "packs/places/pack.yaml": WORDS,
    "packs/brigades/pack.yaml": PACK,
    "packs/brigades/seeds/memo.yaml": MEMO,
    "packs/brigades/near/town-is-near.yaml": TOWN,
    "packs/brigades/strong/region-is-strong.yaml": REGION,
    "scenarios/large.yaml": scenario("large", 0.9),
    "scenarios/small.yaml": scenario("small", 0.2),
}


@dataclass(frozen=True)
class Repository:
    """A working tree with a git repository in it."""

    top: Path

    def git(self, *arguments: str) -> str:
        """Call git in it."""
        command = ["git", *arguments]
        return subprocess.run(command, cwd=self.top, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, path: str, text: str) -> Path:
        """Write a file of the working tree."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def change(self, path: str, old: str, new: str) -> None:
        """Put a text in the place of another in a file of the working tree."""
        text = (self.top / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self) -> str:
        """Commit everything; gives the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A change")
        return self.git("rev-parse", "HEAD")


def make_repository(top: Path) -> Repository:
    """A repository with one commit that holds the packs and the scenarios."""
    made = Repository(top)
    made.git("init", "--quiet", "--initial-branch", "main")
    for name, value in (("user.name", "A test"), ("user.email", "test@example.org"), ("commit.gpgsign", "false")):
        made.git("config", name, value)
    for path, text in FILES.items():
        made.write(path, text)
    made.commit()
    return made
