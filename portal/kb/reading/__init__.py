"""What readers meet: articles found, listed, opened, answered, each only to those who may read it.

`services` loads one article and takes what a reader says of it, `feedback` shows what readers said. `queries` fills
lists, `documents` the search index; `outline` counts once for everybody, `arrivals` tells what is new. `families` picks
the language, `platforms` the variant, `hanging` gives files.
"""
