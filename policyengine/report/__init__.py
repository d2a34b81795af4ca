"""Reports: results as text, Markdown, JSON and YAML, and explanations in sentences."""
