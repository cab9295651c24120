"""Articles as files: `kb_articles/` read, checked and projected onto rows, and rows given out as files.

`content` reads files into values and `checks` holds them to our style; neither knows the database. `sync` brings rows
in step, everything or nothing; `exporting` writes what `sync` and the importer read back.
"""
