"""Where articles stand and whose they are: the one tree of topics, tags, owners, and the shelf as editors see it.

`tree` says how topics stand and who may read what hangs in them, `topics` and `tags` tend them, `filed` takes along
what other features file under a topic. `ownership` says who looks after an article and when it is to be checked again;
`inventory` lists every article, `menus` are its filters.
"""
