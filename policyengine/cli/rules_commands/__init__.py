"""The commands of `policyengine rules`: one thin file for each."""
