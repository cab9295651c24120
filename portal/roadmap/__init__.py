"""The roadmap: ideas, items that rest on evidence, increments, gates and the people who decide."""
