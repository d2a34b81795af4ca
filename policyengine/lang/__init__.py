"""The condition language: types, operators, the checked tree, the checker and the printer."""
