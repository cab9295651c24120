"""What every thing can carry: the one "Did this solve it?", and comments.

A feature that owns things passes a Ref; talk knows neither articles nor questions. One answer a person and version
of a thing stands, and can be changed. An answer and its fact in the ledger are one transaction.
"""
