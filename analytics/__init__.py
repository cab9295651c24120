"""The arithmetic of the portal, apart from the portal.

Everything in here takes values and gives values: no web, no database, no settings, and the time of day
comes in as an argument. The vocabulary of what happens (`events`) lives here too, although the portal
writes it, because the reader owns the language: writer and reader cannot drift apart.
"""
