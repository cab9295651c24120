"""From an empty page or a reader's suggestion to the text that is up.

`drafts` is what is being written while readers read the old text; `editor`, `previews`, `presence`, `pictures` and
`references` help the one who writes, `listing` shows them their drafts. Texts also begin in
`suggestions`, `translations` and in `giving_back`, a helped person's question. `publishing` lets the draft take the
article's place, unless `objections` speak against it.
"""
