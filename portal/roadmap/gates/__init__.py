"""Gates: where somebody decides whether it goes on, on evidence that is kept as it stood."""
