"""Tests of rules that their author writes: the examples of a rule, and whole scenarios with what must come out."""
