"""Did a campaign change anything? Departments that start at different times, each set against those still to start.

A panel holds one value a department and period (`panel`). Every department under way is compared with those that are
not yet (`groups`); handing the same starts out to departments in every other way says how easily chance would have
done as much, and where the true effect lies (`handouts`); what they did before the start is looked at too (`before`).
`judging` puts it together: an effect with its interval, or that none can be detected. `planning` comes first: who
starts when, by lot, and whether so few departments can show anything at all.
"""
