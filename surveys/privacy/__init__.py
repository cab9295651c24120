"""What may be said of a survey without saying anything of a person.

`release(reading, policy)` is the one gate: page, CSV, print, API, drivers and the next wave are made of the frozen
`Released` it gives, never of the reading. Beside it stand the rules the gate is made of (which rows to hide, whether a
second breakdown is safe) and the taking out of names from comments.
"""
