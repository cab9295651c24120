"""Forms of administration. Choices that are rows are filled in by the form itself, so that a view stays short."""
