"""All tables, in the order in which they are written."""

from __future__ import annotations

from typing import Final

from policyengine.batch.tidy.advice import ADVICE, UNDECIDED
from policyengine.batch.tidy.allocation import ALLOCATION
from policyengine.batch.tidy.burdens import BURDENS, VERDICTS
from policyengine.batch.tidy.columns import Table
from policyengine.batch.tidy.contributions import CONTRIBUTIONS
from policyengine.batch.tidy.errors import ERRORS
from policyengine.batch.tidy.models import MODELS
from policyengine.batch.tidy.scenarios import PACKS, SCENARIOS

TABLES: Final[tuple[Table, ...]] = (
    SCENARIOS, PACKS, ALLOCATION, CONTRIBUTIONS, MODELS, BURDENS, VERDICTS, ADVICE, UNDECIDED, ERRORS,
)  # fmt: skip
