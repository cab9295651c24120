"""Who may enter: passwords, sessions, one-time links, tokens for programs, and the first set-up.

A session is a row; the cookie holds only its random name, so a session ends on the server at once. Every page asks
for a sign-in unless it says otherwise (`access`). One-time links (reset, invitation, set-up) work exactly once, are
stored as a hash, and are written into a mail only in the moment it leaves.
"""
