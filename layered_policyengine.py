"""The start of the command `policyengine`: sees to it that the package that runs is ours.

An unrelated project on the package index has the name `policyengine` and installs a folder of the
same name. Where its files lie over ours, this module says so instead of running them.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

_MARK = 'DISTRIBUTION = "layered-policyengine"'
_FAULT = 3


def shadowed() -> str | None:
    """Why the package `policyengine` that Python would import is not ours, or None if it is."""
    spec = find_spec("policyengine")
    if spec is None or spec.origin is None:
        return "the package 'policyengine' of layered-policyengine is not installed"
    if _MARK not in Path(spec.origin).read_text(encoding="utf-8", errors="replace"):
        return f"another package named 'policyengine' lies over this one, in {Path(spec.origin).parent}"
    return None


def main() -> None:
    """Run the command line, unless another package shadows it."""
    reason = shadowed()
    if reason:
        sys.stderr.write(
            f"policyengine: {reason}\n"
            "  hint: use an environment of its own for layered-policyengine, or run:\n"
            "        pip uninstall policyengine && pip install --force-reinstall layered-policyengine\n"
        )
        sys.exit(_FAULT)
    from policyengine.cli.main import main as run  # once the package is known to be ours

    run()


if __name__ == "__main__":
    main()
