"""Finding things: articles first, later questions, tips and procedures.

`engines/` keeps a disposable index and answers requests; it knows neither the web nor the database. `query`,
`speller`, `scorer`, `selection` and `snippets` are what any engine needs to answer well. `services` is the door for
the rest of the house: it asks the engine, confirms every hit with the feature it belongs to, and records the search.
"""
