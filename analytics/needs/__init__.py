"""From events to needs, each with one outcome: what a person came for on one topic, and how it ended.

`trails` follows each actor from search to opening, `topics` says what each event was about, `attempts` packs
events into attempts (thirty minutes) with everything later steps need. That is done once, day by day. `chaining`
joins attempts into needs under a window, `linking` finds the tickets that belong to them, `outcomes` reads how each
ended and says why: all three over a whole year at once, so that another window is a matter of seconds.

The rules are those of METRICS 1.3 to 1.5, and where those leave a choice, the thirty of 1.10; each is named where it
is applied.
"""
