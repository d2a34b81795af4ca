"""What many runs say together: comparison with what is on record."""
