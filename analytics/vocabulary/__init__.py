"""The facts of `analytics.events`, a module a group: when each is written and what it carries."""
