"""How much of a stranger's file is read before it is refused."""

from typing import Final

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 32
MAX_NODES: Final = 100_000
"""Keys, values, lists and mappings of a file, those repeated through aliases counted each time."""
MAX_PROBLEMS: Final = 100
MAX_INTEGER: Final = 2**53
"""Up to here every whole number is also a float, so no reader of a result gets another number than was written."""
