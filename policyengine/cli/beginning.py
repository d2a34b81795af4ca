"""Begin a project or a rule: refuse what cannot be, write, and say what to do next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

import click

from policyengine.cli.inputs import named_packs
from policyengine.cli.output import CannotWriteError
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.loading import load_rulebook, shipped_packs
from policyengine.rulebook.rule import Pack, Rulebook
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.scaffold.project import lacking, project_files, write_project
from policyengine.scaffold.rule import rule_text
from policyengine.scaffold.schema_line import schema_line
from policyengine.source import real_path, write_whole

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FORM = "small letters and digits, joined by single hyphens, at most 80"


def begin_project(folder: Path, name: str | None, title: str | None, base: str | None) -> None:
    """Make a project in a new or empty folder."""
    pack = name or re.sub(r"[^a-z0-9]+", "-", real_path(folder).name.lower()).strip("-")
    if not _is_slug(pack):
        raise click.UsageError(f"'{pack}' cannot be the name of a pack; give one with --pack: {_FORM}")
    if pack in shipped_packs():
        raise click.UsageError(f"a pack named '{pack}' is shipped; give another name with --pack")
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise click.UsageError(f"'{folder}' is not empty; name a new folder")
        write_project(folder, project_files(pack, _title(title or pack), base, _vocabulary(base)))
    except OSError as error:
        raise CannotWriteError(f"cannot write '{folder}': {error.strerror or error}") from error
    click.echo(f"Made the project '{folder}' with the pack '{pack}'. Next:\n")
    where = "" if real_path(folder) == Path.cwd() else f"  cd {quote(str(folder))}\n"
    click.echo(f"{where}  policyengine evaluate scenarios/first-scenario.yaml\n  policyengine rules test")


def begin_rule(rule: str, pack: str | None, claims: Sequence[str], theme: str, nature: str) -> None:
    """Write one rule file into a pack of the user's own."""
    for what, word in (("a rule", rule), ("a theme", theme)):
        if not _is_slug(word):
            raise click.UsageError(f"'{word}' cannot be the name of {what}; use {_FORM}")
    if theme in ("seeds", "tests"):
        raise click.UsageError(f"rules in a folder '{theme}' would not be read; choose another --theme")
    folder = _own_pack(pack)
    rulebook = load_rulebook([folder])
    loaded = next(each for each in rulebook.packs if each.folder == folder)
    _refuse(rulebook, loaded, rule, claims)
    path = folder / theme / f"{rule}.yaml"
    try:
        text = schema_line(path, "rule") + rule_text(rulebook, rule, claims, nature)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise CannotWriteError(f"cannot write '{path}': {error.strerror or error}") from error
    click.echo(f"Made '{path}'. Rewrite its condition, effects and examples, then run:\n\n  policyengine rules test")


def _title(title: str) -> str:
    if len(title) > 200 or not title.isprintable():
        raise click.UsageError("--title is one line of at most 200 characters")
    return title


def _is_slug(word: str) -> bool:
    return bool(_SLUG.fullmatch(word)) and len(word) <= 80


def _vocabulary(base: str | None) -> Vocabulary | None:
    """The words of the pack that the new one extends."""
    if base is None:
        return None
    if base not in shipped_packs():
        raise click.UsageError(f"there is no shipped pack '{base}'; {near_or_list(base, shipped_packs())}")
    vocabulary = load_rulebook([base]).vocabulary
    without = lacking(vocabulary)
    if without:
        raise click.UsageError(f"the pack '{base}' declares no {without[0].replace('_', ' ')}; extend another")
    return vocabulary


def _own_pack(pack: str | None) -> Path:
    """The folder of the pack that gets the rule."""
    found = [Path(each) for each in named_packs([pack or "."]) if each not in shipped_packs()]
    found = [each for each in found if (each / "pack.yaml").is_file()]
    if len(found) == 1:
        return found[0]
    if not found:
        where = f"'{pack}' is no folder with a pack.yaml" if pack else "there is no pack in the current folder"
        raise click.UsageError(f"{where}; name the folder of a pack of your own with --pack")
    raise click.UsageError(f"--pack is needed: there are {', '.join(map(str, found))}")


def _refuse(rulebook: Rulebook, pack: Pack, rule: str, claims: Sequence[str]) -> None:
    """Refuse a rule that is there already, and claims that the pack does not see."""
    there = next((each for each in rulebook.rules if (each.pack, each.id) == (pack.id, rule)), None)
    if there is not None:
        raise click.UsageError(f"the pack has a rule '{rule}' already, in {there.file}")
    for claim in claims:
        if claim not in rulebook.claims:
            raise click.UsageError(f"there is no claim '{claim}' here; {near_or_list(claim, rulebook.claims)}")
