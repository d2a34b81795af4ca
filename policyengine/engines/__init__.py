"""Engines: from a checked rulebook and facts to firings, and nothing else."""
