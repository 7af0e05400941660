"""Findings: the ladder from the street to the police station."""
