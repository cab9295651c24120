"""Pages of tickets: the requester's, the desk's, and the desk's administration."""
