"""Random packs and scenarios, made by type: vocabulary first, then expressions over its names, then facts.

Everything is drawn from one `Random`, which Hypothesis steers and shrinks, and comes out as plain
data: the very files that an analyst could have written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from policyengine.lang.types import Boolean, Collection, Number, Record, Schema, Type, Word, Words
from policyengine.rulebook.rule_file import PackFile
from policyengine.rulebook.schema import build_schema
from policyengine.rulebook.vocabulary import Vocabulary

Plain = dict[str, Any]

NUMBERS = (0, 0.3, 0.5, 1 / 3, 1)
"""Few values, so that thresholds are met exactly."""
WIDE = (-0.0, 0, 5e-324, -1e-7, 1e-05, 0.1, 2, -3.5, 1e16, 1e300, -1e300)
PARAMETERS = ("low", "high", "weight")
LETTERS = ("x", "y")


def a_pack(random: Random) -> Plain:
    """A pack file, its rule files and the marks that they set, as plain data."""
    pack: Plain = {
        "pack": "random",
        "title": "A random pack",
        "version": "1.0.0",
        "role": random.choice(["opinion", "gate"]),
        "summary": "Made by a test.",
        "sources": ["memo"],
        "vocabulary": _vocabulary(random),
        "parameters": {
            name: {"value": random.choice(NUMBERS), "low": 0, "high": 1, "means": name} for name in PARAMETERS
        },
    }
    rules: list[Plain] = []
    for number in range(random.randint(1, 5)):
        # A rule may test only marks that rules before it set, so that there is no cycle.
        marks = sorted({effect["mark"] for rule in rules for effect in rule["then"] if "mark" in effect})
        rules.append(_rule(random, pack, f"rule-{number}", marks))
    return {"pack": pack, "rules": rules}


def write_pack(made: Plain, folder: Path) -> Path:
    """Write a random pack as files; JSON is YAML as well."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "seeds").mkdir(exist_ok=True)
    for old in (folder / "rules").glob("*.yaml"):
        old.unlink()
    (folder / "pack.yaml").write_text(json.dumps(made["pack"]), "utf-8")
    memo = {
        "source": "memo",
        "title": "A memo",
        "authors": ["A test"],
        "seen": "whole",
        "claims": [
            {
                "claim": "it-holds",
                "heading": "All",
                "position": 1,
                "kind": "claim",
                "polarity": "asserted",
                "paraphrase": "It holds.",
            },
        ],
    }
    (folder / "seeds" / "memo.yaml").write_text(json.dumps(memo), "utf-8")
    for rule in made["rules"]:
        (folder / "rules" / f"{rule['rule']}.yaml").write_text(json.dumps(rule), "utf-8")
    return folder


def _vocabulary(random: Random) -> Plain:
    def some(*words: str) -> Plain:
        return {word: {"means": word} for word in words[: random.randint(1, len(words))]}

    kinds = some("alpha", "beta", "gamma")
    return {
        "sides": some("east", "west"),
        "levels": some("upper", "middle", "lower"),
        "layers": some("field", "desk"),
        "threat_kinds": some("storm", "theft"),
        "origins": some("here", "there"),
        "vectors": some("road", "wire"),
        "tie_kinds": {**kinds, "crew": {"means": "crew", "mode": "integrated"}},
        "capacities": some("hands", "eyes"),
        "competences": some("order", "health"),
        "cost_categories": some("shared"),
        "cost_measures": {"all": {"means": "all", "counts": ["shared"]}},
        "benefit_bases": some("people"),
        "interests": some("safety"),
        "models": some("open", "closed"),
        "threat_attributes": {
            "wide": {"type": "number", "low": -1e308, "high": 1e308, "means": "wide"},
            "flag": {"type": "boolean", "means": "flag"},
            "needs": {"type": "choices", "of": "competences", "means": "needs"},
        },
        "jurisdiction_attributes": {"stance": {"type": "choice", "options": ["for", "against"], "means": "stance"}},
        "tie_attributes": {"used": {"type": "boolean", "means": "used"}},
        "conditions": {"mood": {"type": "number", "low": 0, "high": 1, "means": "mood"}},
    }


def schema_of(pack: Plain, marks: list[str]) -> Schema:
    """The names that rules of a random pack may use."""
    from policyengine.lang.types import BOOLEAN, Field
    from policyengine.rulebook.compile import parameter_fields

    file = PackFile.model_validate(pack)
    vocabulary = Vocabulary()
    vocabulary.add(file.pack, file.vocabulary)
    fields: dict[str, dict[str, Field]] = {}
    for mark in marks:
        record, _, name = mark.partition(".")
        fields.setdefault(record, {})[name] = Field(BOOLEAN, key=f"marks.{name}@random")
    return build_schema(vocabulary, parameter_fields([file]), fields)


def _rule(random: Random, pack: Plain, name: str, marks: list[str]) -> Plain:
    fresh = [f"{record}.m{name[-1]}" for record in ("threat", "jurisdiction", "burden")]
    set_before = marks if random.random() < 0.6 else []
    # Setting an older mark again is allowed as long as this rule reads none: that could close a cycle.
    can_set = fresh if set_before else [*fresh, *marks]
    writer = Expressions(random, schema_of(pack, set_before), _roots(random))
    return {
        "rule": name,
        "claim": "memo/it-holds",
        "nature": "normative",
        "why": "A test.",
        "weight": random.choice([1, 1, 0.5, 2.25, 0]),
        "when": writer.condition(random.randint(0, 3)),
        "then": _effects(random, pack, writer, can_set),
    }


def _roots(random: Random) -> tuple[str, ...]:
    return random.choice(
        [
            ("threat", "jurisdiction"),
            ("threat",),
            ("jurisdiction",),
            (),
            ("threat", "jurisdiction", "tie"),
            ("jurisdiction", "other"),
            ("burden",),
            ("threat", "jurisdiction", "burden"),
            ("model",),
            ("model", "threat"),
            ("threat", "jurisdiction", "tie", "other"),
        ]
    )


def _effects(random: Random, pack: Plain, writer: Expressions, marks: list[str]) -> list[Plain]:
    words = pack["vocabulary"]
    makers: list[Callable[[], Plain]] = [
        lambda: {"score": random.choice(list(words["layers"])), "points": writer.points()},
        lambda: {"bar": random.choice(list(words["layers"])), "from": random.choice(["lead", "layer"])},
        lambda: {"favour": random.choice(list(words["models"])), "points": writer.points()},
        lambda: {
            "measure": "Do it",
            "parties": random.choice([[], ["jurisdiction"], ["other"], ["tie.partner", "jurisdiction"]]),
        },
        lambda: {"caution": "Mind it"},
    ]
    effects = [random.choice(makers)() for _ in range(random.randint(1, 2))]
    return effects + ([{"mark": random.choice(marks)}] if marks and random.random() < 0.8 else [])


class Expressions:
    """Writes random text of the language over the names of a schema, by type."""

    def __init__(self, random: Random, schema: Schema, roots: tuple[str, ...]) -> None:
        self._random = random
        self._schema = schema
        self._records: dict[str, Record] = {
            root: kind for root in (*roots, "scenario", "param") if isinstance(kind := schema[root], Record)
        }

    def points(self) -> str | float:
        """Points for an effect: bounded, often with a constant between terms that vary.

        A rule about ties and others at once can fire so often that only small points stay exact in sum.
        """
        if {"tie", "other"} <= self._records.keys():
            small: list[str | float] = [0.001, -0.0005, 1e-7, f"clip({self.number(1)}, -0.001, 0.001)"]
            return self._random.choice(small)
        if self._random.random() < 0.3:
            return self._random.choice([1, 2.5, -0.75, 1 / 3, 1e-7, 0.0000005])
        return f"clip({self.number(2)} + {self._random.choice(['0.1', '2', '1e-06'])} * {self.number(1)}, -5, 5)"

    def condition(self, depth: int) -> str:
        """A condition with at most `depth` levels of logic."""
        if depth <= 0:
            return self._comparison()
        part = self.condition
        makers: list[Callable[[], str]] = [
            lambda: f"({part(depth - 1)} and {part(depth - 1)})",
            lambda: f"({part(depth - 1)} or {part(depth - 2)} or {part(depth - 1)})",
            lambda: f"(not {part(depth - 1)})",
            self._comparison,
            lambda: self._quantified("any", Boolean, depth),
            lambda: self._quantified("all", Boolean, depth),
        ]
        return self._random.choice(makers)()

    def number(self, depth: int) -> str:
        """A numeric expression."""
        if depth <= 0:
            return self._named(Number) or str(self._random.choice(NUMBERS))
        part = self.number
        makers: list[Callable[[], str]] = [
            lambda: f"({part(depth - 1)} {self._random.choice('+-*/')} {part(depth - 1)})",
            lambda: f"{self._random.choice(['min', 'max'])}({part(depth - 1)}, {part(depth - 1)})",
            lambda: f"abs({part(depth - 1)})",
            lambda: f"(-{part(depth - 1)})",
            lambda: f"clip({part(depth - 1)}, 0.1, {part(depth - 2)})",
            lambda: str(self._random.choice(WIDE)),
            lambda: part(0),
            lambda: self._quantified(self._random.choice(["sum", "min", "max", "mean"]), Number, depth),
            lambda: self._quantified("count", Boolean, depth),
        ]
        return self._random.choice(makers)()

    def _comparison(self) -> str:
        random = self._random
        op = random.choice(["<", "<=", ">", ">=", "==", "!="])

        def plain() -> str:
            limit = random.choice([*map(str, NUMBERS), *(f"param.{name}" for name in PARAMETERS)])
            return f"{self._named(Number) or '1'} {op} {limit}"

        makers: list[Callable[[], str]] = [
            plain,
            plain,
            plain,
            plain,
            lambda: f"not {plain()}",
            lambda: f"{random.choice(NUMBERS)} {op} {self.number(0)}",
            lambda: f"{self.number(1)} {op} {random.choice(NUMBERS)}",
            lambda: f"{self.number(1)} {op} {self.number(1)}",
            lambda: f"{random.choice(NUMBERS)} <= {self.number(0)} < {self.number(0)}",
            lambda: f"{self.number(0)} in (0.25, 0.5, -1)",
            lambda: f"known({self._named(Number) or self._named(Boolean) or '1'})",
            lambda: self._named(Boolean) or "True",
            self._word_test,
            self._word_test,
            self._set_test,
            self._place_test,
        ]
        return random.choice(makers)()

    def _word_test(self) -> str:
        found = self._pick(Word)
        if found is None:
            return "False"
        name, kind = found
        assert isinstance(kind, Word)
        options = sorted(kind.options or ("A", "B"))
        op = self._random.choice(["==", "!="])
        listed = ", ".join(f'"{self._random.choice(options)}"' for _ in range(2))
        return self._random.choice(
            [
                f'{name} {op} "{self._random.choice(options)}"',
                f"{name} in ({listed})",
                f"{name} not in ({listed})",
                f"{name} {op} {name}",
            ]
        )

    def _set_test(self) -> str:
        found = self._pick(Words)
        if found is None:
            return "True"
        name, kind = found
        assert isinstance(kind, Words)
        listed = [f'"{word}"' for word in sorted(kind.options or "ABC")]
        named = [word for word, each in self._names() if isinstance(each, Word) and each.domain == kind.domain]
        return f"{self._random.choice(named or listed)} {self._random.choice(['in', 'not in'])} {name}"

    def _place_test(self) -> str:
        """Whether the threat, if the rule speaks of one, is on somebody's ground."""
        inside = [name for name in self._records if name in LETTERS]
        if "threat" not in self._records or len(inside) >= len(LETTERS):
            return self._set_test()
        if "jurisdiction" in self._records and self._random.random() < 0.5:
            return "jurisdiction.id in threat.places"
        letter = LETTERS[len(inside)]
        word = self._random.choice(["any", "all"])
        return f"{word}({letter}.id in threat.places for {letter} in jurisdictions)"

    def _quantified(self, word: str, wanted: type[Boolean | Number], depth: int) -> str:
        inside = [name for name in self._records if name in LETTERS]
        if len(inside) >= len(LETTERS):
            return self._comparison() if wanted is Boolean and word in ("any", "all") else self.number(0)
        collections = [(name, kind) for name, kind in self._names() if isinstance(kind, Collection)]
        collections += [(root, kind) for root, kind in self._schema.items() if isinstance(kind, Collection)]
        name, kind = self._random.choice(collections)
        letter = LETTERS[len(inside)]
        outer, self._records = self._records, {**self._records, letter: kind.element}
        try:
            body = self.condition(min(depth - 1, 1)) if wanted is Boolean else self.number(min(depth - 1, 1))
            test = f" if {self.condition(0)}" if self._random.random() < 0.4 else ""
        finally:
            self._records = outer
        return f"{word}({body} for {letter} in {name}{test})"

    def _named(self, wanted: type[Number | Boolean]) -> str | None:
        found = self._pick(wanted)
        return None if found is None else found[0]

    def _pick(self, wanted: type[Type]) -> tuple[str, Type] | None:
        names = [(name, kind) for name, kind in self._names() if isinstance(kind, wanted)]
        facts = [(name, kind) for name, kind in names if not name.startswith(("param", "scenario"))]
        return self._random.choice(facts or names) if names else None

    def _names(self) -> list[tuple[str, Type]]:
        found: list[tuple[str, Type]] = []
        for root, record in self._records.items():
            for path, field in record.fields.items():
                if isinstance(field.type, Record):
                    found += [(f"{root}.{path}.{inner}", each.type) for inner, each in field.type.fields.items()]
                else:
                    found.append((f"{root}.{path}", field.type))
        return found


def a_scenario(random: Random, vocabulary: Plain) -> Plain:
    """A scenario over a random vocabulary, with about a third of what may be unknown left out."""
    actors = [_jurisdiction(random, vocabulary, name) for name in "ABCD"[: random.randint(1, 4)]]
    for number, actor in enumerate(actors[1:]):
        actor.update(_maybe(random, parent=actors[number]["id"]))
    names = [actor["id"] for actor in actors]
    scenario: Plain = {
        "scenario": "random",
        "title": "A random scenario",
        "shows": "Whatever comes.",
        **_maybe(random, year=random.choice([2000, 2010])),
        "conditions": _maybe(random, mood=random.choice(NUMBERS)),
        "jurisdictions": actors,
        "threats": [_threat(random, vocabulary, f"t{number}", names) for number in range(random.randint(1, 2))],
    }
    if random.random() < 0.8:
        scenario["ties"] = (
            [_tie(random, vocabulary, names, f"l{i}") for i in range(random.randint(0, 3))] if len(names) > 1 else []
        )
    return scenario


def _maybe(random: Random, **values: Any) -> Plain:
    return {name: value for name, value in values.items() if random.random() < 0.7}


def _word(random: Random, vocabulary: Plain, section: str) -> str:
    words: list[str] = list(vocabulary[section])
    return random.choice(words)


def _some(random: Random, vocabulary: Plain, section: str) -> list[str]:
    return [word for word in vocabulary[section] if random.random() < 0.6]


def _shares(random: Random, vocabulary: Plain, section: str) -> Plain:
    return _maybe(random, **{word: random.choice(NUMBERS) for word in vocabulary[section]})


def _jurisdiction(random: Random, vocabulary: Plain, name: str) -> Plain:
    return {
        "id": name,
        "name": name,
        "level": _word(random, vocabulary, "levels"),
        "side": _word(random, vocabulary, "sides"),
        "capacities": _shares(random, vocabulary, "capacities"),
        "interests": _shares(random, vocabulary, "interests"),
        "costs": _shares(random, vocabulary, "cost_categories"),
        "benefits": _shares(random, vocabulary, "benefit_bases"),
        "attributes": _maybe(random, stance=random.choice(["for", "against"])),
        **_maybe(
            random,
            competences=_some(random, vocabulary, "competences"),
            offices_abroad=random.choice([0, 1, 6]),
            power=random.choice([1, 2, 2.5]),
        ),
    }


def _tie(random: Random, vocabulary: Plain, names: list[str], name: str) -> Plain:
    return {
        "id": name,
        "name": name,
        "parties": random.sample(names, random.randint(2, len(names))),
        "kind": _word(random, vocabulary, "tie_kinds"),
        "attributes": _maybe(random, used=random.random() < 0.5),
        **_maybe(
            random,
            strength=random.choice(NUMBERS),
            since=random.choice([1990, 2010]),
            layers=_some(random, vocabulary, "layers"),
        ),
    }


def _threat(random: Random, vocabulary: Plain, name: str, actors: list[str]) -> Plain:
    wide = _maybe(
        random, wide=random.choice(WIDE), flag=random.random() < 0.5, needs=_some(random, vocabulary, "competences")
    )
    return {
        "id": name,
        "name": name,
        "kind": _word(random, vocabulary, "threat_kinds"),
        "attributes": wide,
        **_maybe(
            random,
            agent=random.random() < 0.5,
            diffuseness=random.choice(NUMBERS),
            severity=random.choice(NUMBERS),
            likelihood=random.choice(NUMBERS),
            reach=random.choice(NUMBERS),
            exposure=random.choice(NUMBERS),
            origin=_word(random, vocabulary, "origins"),
            vector=_word(random, vocabulary, "vectors"),
            places=random.sample(actors, random.randint(1, len(actors))),
        ),
    }
