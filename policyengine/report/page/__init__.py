"""The report of a result as one page: what stands on it, made ready to be drawn."""
