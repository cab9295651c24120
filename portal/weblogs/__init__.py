"""Logs of web servers: what was read of which file, and what came of it, day by day.

Lines come in by command, from a watched path, or by hand through an import, and go at once into counts. Nothing here
tells who somebody was: keys of visitors live as long as a late line may still belong to their visit, salted anew each
day, and then they are gone. Whoever agreed otherwise with the works council switches it all off.
"""
