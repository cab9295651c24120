"""Telling people: in the portal and by mail.

A change tells somebody by `services.tell`, in its own transaction: a row for the bell and, as each person prefers, a
mail in the outbox with the job that sends it. Nothing is sent before it is stored, and a request never waits for a
mail server. A mail keeps its Message-ID over every attempt, so that one sent twice is seen once.
"""
