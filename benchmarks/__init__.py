"""One script a claim: a table for people, or one JSON object with --json. A bound that is missed fails."""
