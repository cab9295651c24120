"""The knowledge base: articles written, looked at, put on shelves, read, answered and looked after.

A room for each thing people do with an article. Somebody writes it (`writing`), somebody else looks at it
(`reviewing`), it stands under a topic and belongs to somebody (`shelving`), people find it and say whether it helped
(`reading`), editors keep it true (`caring`); it may also come from a file (`syncing`) or from elsewhere (`importing`).
Below the rooms lie the rows (`models`), words as such (`prose`), how a text gets onto a row (`texts`) and who may do
what (`policies`, `four_eyes`). Above them are the doors: `views`, `api`, `cli`, `jobs` and their `forms`. Which room
may know which is written in `pyproject.toml`, "Inside the knowledge base".
"""
