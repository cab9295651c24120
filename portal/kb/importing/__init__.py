"""Articles that others wrote elsewhere: a folder or archive of Markdown files with front matter.

`pages` reads a folder and `topics` files its pages. `converting` makes our Markdown of theirs: `spans` walks through
the text, `linking` says where its links and pictures lead by way of `addresses`. `work` is what `portal.imports` runs,
`storing` writes rows, `undoing` takes them back; `old_addresses` leads whoever still has one. What comes out is an
article like any other, written in the portal.
"""
