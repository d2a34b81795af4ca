"""From firings to an allocation, a ranking, burdens, measures and cautions, once for all engines."""
