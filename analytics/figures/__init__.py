"""Results made into pictures: plain dicts in Plotly's schema, each with its finding as title and its table as twin.

One function a chart. Colours come in pairs for light and dark; nothing is told by colour alone; gaps stay gaps, and
"not enough data yet" takes the place of a finding. The portal lends its language as a `Voice`.
"""

from analytics.figures.adoption import Level, coming_back, stages, waiting
from analytics.figures.departments import Group, funnel
from analytics.figures.desk import answer_times, contact_rate
from analytics.figures.diffusion import spreading
from analytics.figures.drawing import Change, Column, Figure, Kind, Table, Theme
from analytics.figures.logs import visits
from analytics.figures.needs import outcomes, settled
from analytics.figures.saying_doing import say_do
from analytics.figures.search import zero_results
from analytics.figures.steering import by_age, course, goal

__all__ = [
    "Change",
    "Column",
    "Figure",
    "Group",
    "Kind",
    "Level",
    "Table",
    "Theme",
    "answer_times",
    "by_age",
    "coming_back",
    "contact_rate",
    "course",
    "funnel",
    "goal",
    "outcomes",
    "say_do",
    "settled",
    "spreading",
    "stages",
    "visits",
    "waiting",
    "zero_results",
]
