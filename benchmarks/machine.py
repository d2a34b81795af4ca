"""What ran, and where: it stands beside every figure."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from policyengine.version import VERSION


def about() -> dict[str, str]:
    """What ran, and where."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "policyengine": VERSION, "python": platform.python_version(),
        "numpy": np.__version__, "pyarrow": pa.__version__,
        "machine": f"{len(os.sched_getaffinity(0))} cores of {(models or [platform.machine()])[0]}",
        "system": platform.system(), "date": time.strftime("%Y-%m-%d"),
    }  # fmt: skip
