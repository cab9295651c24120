"""Pages of questions, answers and tips. A GET only looks; what it observes is written a moment later."""
