"""Increments: what is shipped together, by when and for how much, what was asked for, shown, accepted and told."""
