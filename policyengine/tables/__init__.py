"""Many evaluations at once: variations of one scenario as a table, and many scenarios, in Arrow and out."""
