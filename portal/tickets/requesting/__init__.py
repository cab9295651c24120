"""The requester's half: choosing a way, the form with what goes along, prepared requests, and following a ticket.

Nobody is asked what the portal knows: what was searched and read in this visit goes along, as far as its author
leaves it in.
"""
