"""The front door: the home page, one's own things, the doors that open later, and notices of known trouble.

A notice is declared by agents and editors, says since when, and ends by itself. Readers see it above what they look
for, and can say "me too", which is counted quietly.
"""
