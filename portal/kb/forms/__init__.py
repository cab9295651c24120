"""The forms of the knowledge base, one module for each door: writing, the editors' desk, reviewing, topics."""
