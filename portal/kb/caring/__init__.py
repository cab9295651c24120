"""Looking after what is up, so that it stays true and is found.

`todo` is the one list of what comes next, `reminders` calls checks to mind, `insight` says whom an article helped and
where readers stop, `checklist` holds a draft to the rules, `links` follows where texts lead. `arranging` moves, joins,
parts and retires whole articles.
"""
