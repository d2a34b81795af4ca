"""The four ways a command can end."""

from typing import Final

GOOD: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
FAULT: Final = 3
