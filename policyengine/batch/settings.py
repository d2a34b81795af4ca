"""What is common to all files of a batch, and what decides whether a result that is there is still right."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from policyengine.engines.interface import DEFAULT, TOGETHER, Choice
from policyengine.rulebook.rule import Rulebook
from policyengine.version import VERSION


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a run. `packs` are those named for all files; without them each file may name its own.

    `formats` are written for each file, `tables` for all files together.
    """

    packs: tuple[str, ...]
    engine: str
    formats: tuple[str, ...]
    workers: int = 1
    timeout: float = 0
    fail_fast: bool = False
    resume: bool = False
    tables: tuple[str, ...] = ()
    cluster: str = ""


def together(settings: Settings, files: int, workers: int) -> int:
    """How many files a worker takes at a time; where there are few, every worker gets some of them, more than once."""
    return max(1, min(TOGETHER.get(settings.engine, 1), files // (2 * workers)))


def pack_options(settings: Settings) -> list[str]:
    """The packs as they stand on a command line."""
    return [part for pack in settings.packs for part in ("--pack", pack)]


def engine_options(settings: Settings) -> list[str]:
    """The engine as it stands on a command line; nothing for the one that runs anyway."""
    return ["--engine", settings.engine] if settings.engine != DEFAULT else []


def key_of(source: str, sha256: str, settings: Settings, rulebook: Rulebook, choice: Choice) -> str:
    """A hash of all that a result hangs on: the file and its path, the packs, the engine, the version."""
    parts: list[Any] = [
        VERSION,
        source,
        sha256,
        [*pack_options(settings), *engine_options(settings)],
        [choice.engine.name, choice.note],
        [(pack.id, pack.sha256) for pack in rulebook.packs],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
