"""Packs as they stand in a git revision: read with git, unpacked into a private folder, and taken away again."""

from policyengine.rulebook.revisions.checkout import names_revision, pack_at

__all__ = ["names_revision", "pack_at"]
