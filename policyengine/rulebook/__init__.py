"""Vocabulary, claims, rules and packs: what a scenario is judged by."""
