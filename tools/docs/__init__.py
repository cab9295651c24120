"""Pages of `docs/` that are written by the code they describe; a test each keeps them fresh."""
