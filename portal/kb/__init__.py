"""The knowledge base, reader's half: articles from files, read, verified, answered.

Files below `kb_articles/` are the masters of what is published here; `dity kb sync` projects them onto rows, all or
nothing. Rows give votes, views and links something to hold on to, and the search index is made from them.
"""
