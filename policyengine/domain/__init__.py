"""The models of a scenario: jurisdictions, ties, threats and what is common to all of them."""
