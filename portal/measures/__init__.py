"""Folding the ledger into daily measures, and the catalogue of named measures that pages and evidence read."""
