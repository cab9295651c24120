"""The pages of roadmap."""
