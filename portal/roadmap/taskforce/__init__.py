"""The task force: who sits in it and for whom, what it talked about and decided, and who does what until when."""
