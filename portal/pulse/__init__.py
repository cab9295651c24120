"""PULSE: waves of short surveys from the first idea to daily use, answered without a name."""
