"""Telling other systems what happened: each webhook names an address and the facts it wants to hear of.

Facts are taken from the ledger in its order, written down as deliveries, and sent one after the other until each was
taken or given up. What is told is named in `events.PUBLIC` and holds numbers and addresses, never who or what words.
"""
