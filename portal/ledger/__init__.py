"""The append-only record of what happened. The vocabulary is `analytics.events`; the audit log is a view of this table.

Facts that tell of a change are recorded in the transaction of the change. Facts of mere looking are observed: they
wait in a buffer for at most a second, so that reading never takes a write lock.
"""
