"""From firings to an allocation, a ranking, burdens, measures and cautions: pure functions, computed once for all engines."""
