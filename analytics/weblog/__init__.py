"""Web-server logs: from a file to counts of days, and to nothing that tells who somebody was.

`lines` cuts a file into blocks of whole lines, `formats` reads a line or says why not, `targets` and `robots` say what
was asked for and by what, `visits` joins hits to visits by keys whose salt is another each day, `reading` does all of
it at once, `following` knows what of a file was read before, and `telling` says what was found.
"""
