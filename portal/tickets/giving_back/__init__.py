"""What a solved ticket leaves behind for the next person: an answer it was tied to, a better one, a draft, or nothing.

What nobody has said yet is the knowledge debt of the queue that solved it: of a team, never of one person.
"""
