"""Surveys among people, as arithmetic: instruments, scores, precision, privacy. No web, no database."""
