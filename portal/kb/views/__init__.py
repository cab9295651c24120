"""Pages of the knowledge base: reading here, writing and the editors' desk beside it."""
