"""From folders to pack files and rule files as read, each pack after those that it extends."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policyengine import shipped
from policyengine.domain.reading import place, read_file, read_model, read_whole
from policyengine.errors import Problems, Span, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.lost_marks import marks_in
from policyengine.rulebook.pack_files import inside, leads_out, rule_files
from policyengine.rulebook.pack_places import PackPlace, Wrong, find_pack, is_name, shipped_packs
from policyengine.rulebook.rule_file import PackFile, RuleFile
from policyengine.rulebook.table import has_table, rows_of
from policyengine.source import Document, real_path

MOST_EXTENDED = 20
"""So many packs may extend one another in a row."""


@dataclass(slots=True)
class LoadedRule:
    """A rule file as read, before it is compiled."""

    document: Document
    file: RuleFile
    place: str
    table: str | None = None
    row: str | None = None
    number: int = 0


@dataclass(slots=True)
class LoadedPack:
    """A pack folder as read.

    `whole` is False where a pack that it extends could not be read: its rules cannot be judged then.
    `lost_marks` are the marks that rule files seem to set that could not be read, `lost_rules` the names of these.
    """

    folder: Path
    document: Document
    file: PackFile
    rules: list[LoadedRule] = field(default_factory=list)
    sha256: str = ""
    whole: bool = True
    lost_marks: set[tuple[str, str]] = field(default_factory=set)
    lost_rules: set[str] = field(default_factory=set)

    def rule_names(self) -> list[str]:
        """The rules that could be read, as `pack/name`."""
        return [f"{self.file.pack}/{rule.file.rule}" for rule in self.rules]


def default_packs() -> list[str]:
    """The shipped packs that run when none is named: those whose pack file says so."""
    marked = re.compile(r"^default:\s*true\s*$", re.MULTILINE)
    folder = shipped.folder("rules")
    return [name for name in shipped_packs() if marked.search((folder / name / "pack.yaml").read_text("utf-8"))]


def read_packs(packs: Sequence[str | Path], problems: Problems) -> list[LoadedPack]:
    """Read packs, given by name or folder, with those that they extend before them."""
    reader = _Reader(problems)
    for name in packs:
        found = find_pack(str(name)) if is_name(name) else Path(name)
        if isinstance(found, tuple):
            problems.add(*found)
            continue
        named = isinstance(found, PackPlace) and found.kind != "current folder"
        pack = reader.read(found.folder if isinstance(found, PackPlace) else found, str(name), ())
        if pack is not None and named and pack.file.pack != name:
            _misnamed(pack, str(name), problems)
    return reader.order


def _misnamed(pack: LoadedPack, name: str, problems: Problems) -> None:
    message = f"the pack that is found under the name {quoted(name)} calls itself {quoted(pack.file.pack)}"
    hint = "give the folder, or the entry point, the name of the pack"
    place(problems, pack.document, "P511", message, hint, ("pack",))


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.order: list[LoadedPack] = []
        self._problems = problems
        self._done: dict[Path, LoadedPack | None] = {}

    def read(self, folder: Path, name: str, chain: tuple[Path, ...]) -> LoadedPack | None:
        """Read one pack and those that it extends; None if it cannot be used."""
        key = real_path(folder)
        if key not in self._done:
            self._done[key] = None
            pack = self._done[key] = _read_pack(folder, name, self._problems)
            if pack is not None:
                self._read_bases(pack, (*chain, key))
                self._add(pack)
        return self._done[key]

    def _read_bases(self, pack: LoadedPack, chain: tuple[Path, ...]) -> None:
        for index, base in enumerate(pack.file.extends):
            folder = base_folder(pack.folder, base)
            wrong = _wrong_base(folder, chain)
            found = self.read(folder, base, chain) if wrong is None and isinstance(folder, Path) else None
            if found is not None and found.file.pack != base:
                message = f"the pack in the folder {quoted(base)} calls itself {quoted(found.file.pack)}"
                wrong = "P511", message, "give the folder the name of the pack"
            if wrong:
                place(self._problems, pack.document, *wrong, ("extends", index))
            pack.whole &= not wrong and found is not None and found.whole

    def _add(self, pack: LoadedPack) -> None:
        twin = next((each for each in self.order if each.file.pack == pack.file.pack), None)
        if twin is None:
            self.order.append(pack)
            return
        message = f"two packs have the name {quoted(pack.file.pack)}"
        place(self._problems, pack.document, "P506", message, f"the other is in {twin.folder}", ("pack",))


def base_folder(folder: Path, base: str) -> Path | Wrong:
    """A pack that another extends: in a folder of that name beside it, else wherever a name is looked up."""
    beside = real_path(folder).parent / base
    if (beside / "pack.yaml").is_file():
        return beside
    found = find_pack(base, here=False)
    if isinstance(found, PackPlace):
        return found.folder
    code, message, hint = found
    if code == "P501":
        near = near_or_list(base, shipped_packs()).removesuffix("?")
        hint = f"{near}? A pack of your own stands in a folder of its name beside this one"
        return "P505", f"the pack {quoted(base)} does not exist", hint
    return code, message, hint


def _wrong_base(folder: Path | Wrong, chain: tuple[Path, ...]) -> Wrong | None:
    """Why a pack cannot extend another: code, message, hint."""
    if not isinstance(folder, Path):
        return folder
    if real_path(folder) in chain:
        names = [step.name for step in chain[chain.index(real_path(folder)) :]]
        message = f"this pack extends itself: {' -> '.join([*names, names[0]])}"
        return "P504", message, "take one of these out of 'extends'"
    if len(chain) >= MOST_EXTENDED:
        message = f"more than {MOST_EXTENDED} packs extend one another"
        return "P504", message, "extend the packs that are needed directly"
    return None


def _read_pack(folder: Path, name: str, problems: Problems) -> LoadedPack | None:
    if not _is_folder(folder):
        hint = f"name a shipped pack ({', '.join(shipped_packs())}) or a folder that holds a pack.yaml"
        problems.add("P501", f"there is no pack {quoted(name)}", hint)
        return None
    path = folder / "pack.yaml"
    if not os.path.lexists(path):
        hint = "write one, with the fields pack, title, version, role and summary"
        problems.add("P502", "this folder is no pack: it has no pack.yaml", hint, Span.whole(str(folder)))
        return None
    if not inside(path, folder):
        leads_out(path, problems)
        return None
    document, file = read_file(path, PackFile, "P", problems)
    if document is None or file is None:
        return None
    _check_parameters(document, file, problems)
    pack = LoadedPack(folder, document, file)
    _read_rules(pack, problems)
    return pack


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _check_parameters(document: Document, file: PackFile, problems: Problems) -> None:
    for name, parameter in file.parameters.items():
        location = ("parameters", name, "value")
        if parameter.low > parameter.high:
            message = f"the range of parameter {quoted(name)} is upside down: low is above high"
            place(problems, document, "P507", message, "exchange 'low' and 'high'", (*location[:2], "low"))
        elif not parameter.low <= parameter.value <= parameter.high:
            message = f"the value of parameter {quoted(name)} is outside its range"
            place(problems, document, "P507", message, f"from {parameter.low:g} to {parameter.high:g}", location)


def _read_rules(pack: LoadedPack, problems: Problems) -> None:
    digest = hashlib.sha256(pack.document.sha256.encode())
    for path in rule_files(pack.folder, problems):
        place_in_pack = path.relative_to(pack.folder).as_posix()
        before = len(problems)
        rules = _read_rule(path, pack, place_in_pack, problems)
        # Of a table with mistakes some rows may be lost.
        if not rules or (rules[0].table is not None and len(problems) > before):
            pack.lost_marks |= marks_in(path, pack.folder)
            pack.lost_rules.add(path.stem)
        if rules:
            pack.rules += rules
            digest.update(f"\n{place_in_pack} {rules[0].document.sha256}".encode())
    pack.sha256 = digest.hexdigest()


def _read_rule(path: Path, pack: LoadedPack, place_in_pack: str, problems: Problems) -> list[LoadedRule]:
    """The rule of a file, or the rules that the rows of its table are; nothing if it cannot be read."""
    where = f"{pack.file.pack}/{place_in_pack}"
    document = read_whole(path, problems)
    if document is None:
        return []
    if has_table(document):
        rows = rows_of(document, path, pack.folder, problems)
        return [LoadedRule(made, file, where, path.stem, case, i) for i, (made, file, case) in enumerate(rows)]
    file = read_model(document, RuleFile, "P", problems)
    if file is None:
        return []
    if file.rule != path.stem:
        message = f"the rule {quoted(file.rule)} stands in a file named {quoted(path.name)}"
        hint = f"name the file {file.rule}.yaml, or the rule {path.stem}"
        place(problems, document, "P201", message, hint, ("rule",))
    return [LoadedRule(document, file, where)]
