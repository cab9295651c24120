"""The pages of pulse."""
