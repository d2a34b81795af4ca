"""Results read back: from the files of `evaluate --format json`, and from the folder of a batch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from policyengine.assess.consistency import contradictions
from policyengine.assess.result import Result, read_result
from policyengine.batch.lists import FORMAT as BATCH_FORMAT
from policyengine.errors import InputError, Problem, Span, quoted
from policyengine.source import stays_in
from policyengine.source.octets import read_octets

MOST_BYTES: Final = 200_000_000
MANIFEST: Final = "manifest.json"
_RESULT: Final = b'"policyengine-result/'
_MOST_TOLD: Final = 5
_HOW: Final = "write it again with: policyengine evaluate SCENARIO --format json"

Load = Callable[[], Result]


def is_result(path: Path) -> bool:
    """Whether a file seems to be a result, or a list of results, rather than a scenario."""
    try:
        return path.suffix.lower() == ".json" and _RESULT in read_octets(path, MOST_BYTES)
    except InputError:
        return False


def read_results(path: Path) -> list[Result]:
    """The results of a file; raises InputError with what is wrong with them."""
    data = read_octets(path, MOST_BYTES)
    found = _parsed(path, data)
    if not isinstance(found, list):
        return [_result(path, data)]
    return [_result(path, _alone(path, each)) for each in found]


def _alone(path: Path, found: Any) -> bytes:
    try:
        return json.dumps(found).encode()
    except RecursionError:
        raise _wrong("S051", path, "this is nested too deeply", _HOW) from None


def is_batch(folder: Path) -> bool:
    """Whether a folder is what a batch wrote, and the batch came to its end."""
    return (folder / MANIFEST).is_file()


def batch_results(folder: Path) -> dict[str, Load]:
    """For each scenario of a batch a function that reads its result; one that failed is told when it is called."""
    path = folder / MANIFEST
    manifest = _parsed(path, read_octets(path, MOST_BYTES))
    entries = manifest.get("files") if isinstance(manifest, dict) and manifest.get("format") == BATCH_FORMAT else None
    if not isinstance(entries, list):
        raise _wrong("S053", path, "this is no manifest of a batch", "name a folder that 'policyengine batch' wrote")
    found: dict[str, Load] = {}
    written = 0
    for entry in entries:
        name, files = (entry.get("name"), entry.get("files")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(files, dict):
            raise _wrong("S053", path, "an entry of 'files' has no name or no files", "run the batch again")
        result = next((each for each in sorted(files) if each.endswith(".json")), None)
        if result is not None:
            found[name] = partial(_of_batch, folder, result, files[result])
            written += 1
        elif entry.get("status") == "bad":
            found[name] = partial(_failed, folder)
    if not written:
        raise _wrong("S053", folder, "this batch has no results in JSON", "run it again with --format json")
    return found


def _of_batch(folder: Path, name: str, sha256: object) -> Result:
    path = folder / name
    if not stays_in(path, folder):
        raise _wrong("S053", folder / MANIFEST, f"{quoted(name)} leads out of the folder", "run the batch again")
    data = read_octets(path, MOST_BYTES)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _wrong("S053", path, "this is not what the batch wrote", "run the batch again, with --resume")
    return _result(path, data)


def _failed(folder: Path) -> Result:
    raise _wrong("S053", folder, "the batch could not evaluate it", "see errors.json in the folder of the batch")


def _parsed(path: Path, data: bytes) -> Any:
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        span = Span(str(path), error.lineno, error.colno, error.lineno, error.colno + 1)
        lines = error.doc.splitlines()
        excerpt = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
        problem = Problem("S051", f"this is not valid JSON: {error.msg}", _HOW, span, excerpt)
        raise InputError([problem]) from None
    except (ValueError, RecursionError):
        raise _wrong("S051", path, "this is not valid JSON in UTF-8", _HOW) from None


def _result(path: Path, data: bytes) -> Result:
    from pydantic import ValidationError

    try:
        result = read_result(data)
    except ValidationError as error:
        told = [f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg']}" for each in error.errors()]
        raise _not_a_result(path, told[:_MOST_TOLD]) from None
    told = list(islice(contradictions(result), _MOST_TOLD))
    if told:
        raise _not_a_result(path, told)
    return result


def _not_a_result(path: Path, told: list[str]) -> InputError:
    return InputError(Problem("S051", each, _HOW, Span.whole(str(path))) for each in told)


def _wrong(code: str, path: Path, message: str, hint: str) -> InputError:
    return InputError([Problem(code, message, hint, Span.whole(str(path)))])
