"""Durable jobs: a row with a lease and attempts in the application's own database, and the runner that works them off.

A job enqueued in a transaction exists exactly when that transaction was committed, so the table is the outbox of
everything that must follow a change. A worker that dies leaves a lease that runs out; another takes the job up.
"""
