"""Web-server logs: taken in piece by piece, kept as sums of days that name nobody."""
