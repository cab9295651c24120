"""Questions colleagues ask and answer, and the tips they write.

A question belongs to a topic and may be read by whoever may read the topic. Anybody signed in answers, votes once,
follows; the asker accepts one answer. What proved itself is offered to editors as the beginning of an article.
"""
