"""The desk's own tools: its queue in views, filters and orders, many tickets changed at once, and what working a ticket
needs beside the verbs of its life (`lifecycle`): what was tried, prepared answers, who else is at it, merging,
splitting, and incidents that many report.
"""
