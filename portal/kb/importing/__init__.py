"""Articles that others wrote elsewhere: a folder or archive of Markdown files with front matter.

`pages` reads, `converting` makes our Markdown of theirs, `addresses` knows where links lead, `topics` files them, and
`work`
is what `portal.imports` runs. What comes out is an article like any other, written in the portal.
"""
