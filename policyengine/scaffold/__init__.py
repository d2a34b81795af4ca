"""Beginnings: a project, a pack and a rule that pass every check as they are and wait to be rewritten."""
