"""What whoever manages the desk sets up: queues with their people and promises, hours, requests, prepared replies.

Every change stands in the audit log as it was and as it is.
"""
