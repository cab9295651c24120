"""Attachments: what people hang on articles, answers and tickets.

A file is believed only when its name and its content agree; pictures are drawn anew, so nothing rides along in them.
It is kept under a name of our own and served with the access of the thing it hangs on.
"""
