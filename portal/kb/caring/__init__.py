"""Looking after what is up, so that it stays true and is found.

`worklist` is the one list of what comes next: `rows` are what features give it, among them `of_people`, `of_writing`,
`of_articles` and `of_owners`; `met` says what one weighs, `terms` how that number comes about, `marks` what editors
decided about it, `twins` which articles stand twice, `hiding` which drafts are not for everybody. `reminders` calls
checks to mind, `insight` says whom an article helped and where readers stop, `checklist` holds a draft to the rules,
`links` follows where texts lead. `arranging` moves, joins, parts and retires whole articles.
"""
