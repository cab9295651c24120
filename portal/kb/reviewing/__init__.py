"""A second pair of eyes, before a text is up and afterwards.

`reviews` asks somebody to look and takes their remarks, `waiting` lists what waits for them. `history` holds every text
that was up and brings one back; `filing` says where a text was filed then. `news` tells those it concerns.
"""
