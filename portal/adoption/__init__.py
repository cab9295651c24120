"""Adoption: goals somebody answers for, and interventions registered before they start."""
