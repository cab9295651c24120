"""Pages of goals and interventions, and the piece of them that stands among the figures."""
