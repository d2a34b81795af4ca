"""From pack folders to a rulebook, with every mistake of every file told at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policyengine import shipped
from policyengine.domain.reading import place, read_model
from policyengine.errors import InputError, Problems
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.checks import check_rulebook
from policyengine.rulebook.claims import Claim, Source
from policyengine.rulebook.compile import compile_rule, mark_fields, parameter_fields
from policyengine.rulebook.rule import Pack, Rule, Rulebook
from policyengine.rulebook.rule_file import PackFile, RuleFile
from policyengine.rulebook.schema import build_schema
from policyengine.rulebook.strata import stratify
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.source import Document, read_document

MOST_FILES = 5_000


@dataclass(slots=True)
class LoadedRule:
    """A rule file as read, before it is compiled."""

    document: Document
    file: RuleFile
    place: str


@dataclass(slots=True)
class LoadedPack:
    """A pack folder as read."""

    folder: Path
    document: Document
    file: PackFile
    rules: list[LoadedRule] = field(default_factory=list)
    sha256: str = ""


def shipped_packs() -> list[str]:
    """The names of the packs that come with the package."""
    return sorted(path.parent.name for path in shipped.folder("rules").glob("*/pack.yaml"))


def default_packs() -> list[str]:
    """The shipped packs that run when none is named: those whose pack file says so."""
    marked = re.compile(r"^default:\s*true\s*$", re.MULTILINE)
    return [name for name in shipped_packs() if marked.search((shipped.folder("rules") / name / "pack.yaml").read_text("utf-8"))]


def load_rulebook(packs: Sequence[str | Path]) -> Rulebook:
    """Read, check and compile packs, each given by its shipped name or its folder.

    The packs that they extend come with them. Raises InputError with all problems of all files.
    """
    problems = Problems()
    loaded = _load_all(packs, problems)
    vocabulary = _vocabulary(loaded, problems)
    sources = _sources(loaded, problems)
    claims = {f"{source.source}/{claim.claim}": claim for source in sources.values() for claim in source.claims}
    sees = _sees(loaded)
    rules, schemas = _compile(loaded, vocabulary, sees, claims, problems)
    ordered, cycles = stratify(rules)
    documents = {(pack.file.pack, rule.file.rule): rule.document for pack in loaded for rule in pack.rules}
    for cycle in cycles:
        names = " -> ".join(rule.name for rule in (*cycle, cycle[0]))
        first = cycle[0]
        place(problems, documents[first.pack, first.id], "P301", f"these rules wait for one another's marks: {names}",
              "take the test of a mark out of one of them, or set another mark", ("when",))
    rulebook = Rulebook(
        packs=tuple(Pack(pack.file, pack.folder, pack.sha256) for pack in loaded), vocabulary=vocabulary, rules=ordered,
        parameters={f"{name}@{pack.file.pack}": parameter for pack in loaded for name, parameter in pack.file.parameters.items()},
        sources=sources, claims=claims, sees=sees, schemas=schemas,
    )
    if not cycles:
        for found in check_rulebook(rulebook):
            place(problems, documents[found.pack, found.rule], found.code, found.message, found.hint, found.location)
    problems.raise_if_any()
    return rulebook


def _load_all(packs: Sequence[str | Path], problems: Problems) -> list[LoadedPack]:
    """The packs with those they extend, each after what it extends."""
    done: dict[str, LoadedPack | None] = {}
    order: list[LoadedPack] = []

    def load(name: str | Path, chain: tuple[str, ...], asked_by: LoadedPack | None, index: int) -> None:
        folder = _folder(name)
        key = str(folder)
        if key in chain:
            if asked_by is not None:
                place(problems, asked_by.document, "P103", f"pack '{name}' extends itself through {' -> '.join(Path(step).name for step in chain)}",
                      "take one 'extends' out", ("extends", index))
            return
        if key in done:
            return
        if asked_by is not None and not (folder / "pack.yaml").is_file():
            place(problems, asked_by.document, "P104", f"the pack '{name}' does not exist", near_or_list(str(name), shipped_packs()), ("extends", index))
            return
        pack = done[key] = _read_pack(folder, str(name), problems)
        if pack is None:
            return
        for place_of_base, base in enumerate(pack.file.extends):
            load(_beside(folder, base), (*chain, key), pack, place_of_base)
        twin = next((each for each in order if each.file.pack == pack.file.pack), None)
        if twin is not None:
            place(problems, pack.document, "P105", f"two packs have the name '{pack.file.pack}'", f"the other is in {twin.folder}", ("pack",))
            return
        order.append(pack)

    for name in packs:
        load(name, (), None, 0)
    return order


def _folder(name: str | Path) -> Path:
    path = Path(name)
    if isinstance(name, str) and name in shipped_packs() and len(path.parts) == 1:
        return shipped.folder("rules") / name
    return path


def _beside(folder: Path, base: str) -> str | Path:
    """A pack that another extends: shipped, or in a folder of that name beside it."""
    neighbour = folder.resolve().parent / base
    return neighbour if (neighbour / "pack.yaml").is_file() else base


def _read_pack(folder: Path, name: str, problems: Problems) -> LoadedPack | None:
    if not folder.is_dir():
        problems.add("P101", f"there is no pack '{name}'", f"name a shipped pack ({', '.join(shipped_packs())}) or a folder that holds a pack.yaml")
        return None
    if not (folder / "pack.yaml").is_file():
        problems.add("P101", f"the folder '{name}' is no pack: it has no pack.yaml", "see the page on packs in docs/")
        return None
    try:
        document = read_document(folder / "pack.yaml")
    except InputError as error:
        problems.extend(error.problems)
        return None
    file = read_model(document, PackFile, "P", problems)
    if file is None:
        return None
    _check_parameters(document, file, problems)
    pack = LoadedPack(folder, document, file)
    digest = hashlib.sha256(document.sha256.encode())
    for path in _rule_files(folder, problems):
        rule = _read_rule(path, f"{file.pack}/{path.relative_to(folder).as_posix()}", problems)
        if rule is not None:
            pack.rules.append(rule)
            digest.update(f"\n{path.relative_to(folder).as_posix()} {rule.document.sha256}".encode())
    pack.sha256 = digest.hexdigest()
    return pack


def _check_parameters(document: Document, file: PackFile, problems: Problems) -> None:
    for name, parameter in file.parameters.items():
        if not parameter.low <= parameter.value <= parameter.high:
            place(problems, document, "P106", f"the value of parameter '{name}' is outside its range",
                  f"from {parameter.low:g} to {parameter.high:g}", ("parameters", name, "value"))


def _rule_files(folder: Path, problems: Problems) -> list[Path]:
    """The rule files of a pack, in a fixed order; nothing outside the folder is followed."""
    root = folder.resolve()
    found = []
    for path in sorted(folder.glob("*/**/*.yaml")):
        if path.relative_to(folder).parts[0] in ("seeds", "tests"):
            continue
        if not path.resolve().is_relative_to(root):
            problems.add("P102", f"'{path}' leads out of the pack's folder", "copy the file into the folder")
        elif path.is_file():
            found.append(path)
    if len(found) > MOST_FILES:
        problems.add("P107", f"the pack '{folder}' has {len(found):,} rule files; at most {MOST_FILES:,} are read", "split the pack")
        return []
    return found


def _read_rule(path: Path, place_in_pack: str, problems: Problems) -> LoadedRule | None:
    try:
        document = read_document(path)
    except InputError as error:
        problems.extend(error.problems)
        return None
    file = read_model(document, RuleFile, "P", problems)
    if file is None:
        return None
    if file.rule != path.stem:
        place(problems, document, "P201", f"the rule '{file.rule}' stands in a file named '{path.name}'", f"name the file {file.rule}.yaml, or the rule {path.stem}", ("rule",))
    return LoadedRule(document, file, place_in_pack)


def _vocabulary(packs: Iterable[LoadedPack], problems: Problems) -> Vocabulary:
    vocabulary = Vocabulary()
    for pack in packs:
        for section, word, owner in vocabulary.add(pack.file.pack, pack.file.vocabulary):
            place(problems, pack.document, "P108", f"'{word}' is already declared by pack '{owner}'", "take it out, or choose another word", ("vocabulary", section, word), key=True)
    return vocabulary


def _sources(packs: Iterable[LoadedPack], problems: Problems) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for pack in packs:
        for index, name in enumerate(pack.file.sources):
            if name in sources:
                continue
            path = next((path for path in _source_places(pack, name) if path.is_file()), None)
            if path is None:
                known = [each.stem for each in shipped.folder("seeds").glob("*.yaml")]
                place(problems, pack.document, "C101", f"the source '{name}' has no register of claims", near_or_list(name, known) + f"; it should stand in seeds/{name}.yaml of the pack", ("sources", index))
                continue
            source = read_source(path, problems)
            if source is not None:
                sources[name] = source
    return sources


def _source_places(pack: LoadedPack, name: str) -> list[Path]:
    return [pack.folder / "seeds" / f"{name}.yaml", shipped.folder("seeds") / f"{name}.yaml"]


def read_source(path: Path, problems: Problems) -> Source | None:
    """Read one register of claims; what is wrong goes to `problems`."""
    try:
        document = read_document(path)
    except InputError as error:
        problems.extend(error.problems)
        return None
    return read_model(document, Source, "C", problems)


def _sees(packs: Sequence[LoadedPack]) -> dict[str, tuple[str, ...]]:
    """For each pack the packs whose words, parameters and marks it may use: itself and what it extends."""
    sees: dict[str, tuple[str, ...]] = {}
    for pack in packs:
        bases = [seen for base in pack.file.extends for seen in sees.get(base, ())]
        sees[pack.file.pack] = tuple(dict.fromkeys([pack.file.pack, *bases]))
    return sees


def _compile(packs: Sequence[LoadedPack], vocabulary: Vocabulary, sees: dict[str, tuple[str, ...]], claims: dict[str, Claim],
             problems: Problems) -> tuple[list[Rule], dict[str, object]]:
    rules: list[Rule] = []
    schemas: dict[str, object] = {}
    seen: dict[tuple[str, str], LoadedRule] = {}
    by_name = {pack.file.pack: pack for pack in packs}
    for pack in packs:
        visible = [by_name[name] for name in reversed(sees[pack.file.pack])]
        parameters = parameter_fields([each.file for each in visible])
        marks = mark_fields([(each.file.pack, rule.file) for each in visible for rule in each.rules])
        schema = schemas[pack.file.pack] = build_schema(vocabulary, parameters, marks)
        for loaded in pack.rules:
            key = (pack.file.pack, loaded.file.rule)
            if key in seen:
                place(problems, loaded.document, "P202", f"the rule '{loaded.file.rule}' is defined twice", f"the other stands in {seen[key].document.name}", ("rule",))
                continue
            seen[key] = loaded
            rule = compile_rule(loaded.document, loaded.file, pack.file, schema, vocabulary, claims, loaded.place, problems)
            if rule is not None:
                rules.append(rule)
    return sorted_by_pack(rules, [pack.file.pack for pack in packs]), schemas


def sorted_by_pack(rules: Iterable[Rule], packs: Sequence[str]) -> list[Rule]:
    """Rules in the order of their packs, then of their names."""
    return sorted(rules, key=lambda rule: (packs.index(rule.pack), rule.id))
