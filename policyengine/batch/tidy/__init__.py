"""Tables for further work: one tidy row for each scenario, threat, layer and jurisdiction, and what belongs to it."""
