"""Tickets: what people hand over when they could not fix it themselves, and how the service desk works them.

A ticket carries what its requester tried. Only its people see it: the requester, colleagues they added, and agents of
its queue. Resolving one asks what it leaves behind, so that the next person finds the answer.
"""
