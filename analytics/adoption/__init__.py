"""Who uses the portal of those who could: reach, activation, habit, spread, and whether a goal will be met.

Every share is over the eligible, as the roster has them, never over visitors. Help is wanted when something breaks:
how often people come says little, so goals stand on what they do when they need help (`funnel`). Nothing in here
knows a name: people are keys, and departments are told of only where `suppression` allows it.
"""
