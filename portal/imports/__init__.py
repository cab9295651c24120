"""Bringing in what an organisation already has, and giving everything out again.

Features say how their things come in (`Feature.importers`); here they are run: first dry, then in batches that are
whole or not at all, with a report of every line, and back again. Archives are opened as the hostile input they are.
"""
