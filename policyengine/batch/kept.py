"""Which results of earlier runs are still right."""

from __future__ import annotations

import hashlib
from pathlib import Path

from policyengine.batch.folder import HOME, holds
from policyengine.batch.plan import Job
from policyengine.batch.records import Record, Records
from policyengine.batch.settings import Settings, key_of
from policyengine.batch.work import Desk, Piece
from policyengine.batch.writers import WRITERS
from policyengine.errors import InputError


def result_names(job: Piece, settings: Settings) -> list[str]:
    """The files that a job writes, in the order of the formats."""
    return [f"{HOME}/{job.name}{WRITERS[form].ending}" for form in settings.formats]


class Kept:
    """Tells for each job whether it need not be done again."""

    def __init__(self, settings: Settings, out: Path, records: Records) -> None:
        """Take the run, and what is known of those before it."""
        self._settings = settings
        self._out = out
        self._records = records
        self._desk = Desk(settings)

    def record_of(self, job: Job) -> Record | None:
        """What is to be said of a job if nothing it hangs on has changed and its files are whole, else None.

        The records come from a file that anybody may have changed: nothing in them is taken on trust.
        """
        record = self._records.get(job.name)
        if record is None or record.get("status") != "good" or record.get("source") != job.source:
            return None
        if not isinstance(record.get("packs_named"), list) or not isinstance(record.get("summary"), dict):
            return None
        # An earlier run may have written more formats than this one wants.
        files = {name: record["files"].get(name, "") for name in result_names(job, self._settings)}
        key = self._key(job, record)
        if not key or key != record.get("key") or not holds(self._out, files):
            return None
        return {**record, "files": files}

    def _key(self, job: Job, record: Record) -> str:
        try:
            with Path(job.source).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 != record.get("sha256"):
                return ""
            rulebook, choice = self._desk.ready(tuple(map(str, record["packs_named"])))
        except (OSError, InputError):
            return ""
        return key_of(job.source, sha256, self._settings, rulebook, choice)
