"""Mail that comes in: fetched once, read whatever it holds, and brought to where it belongs."""
