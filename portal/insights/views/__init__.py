"""The pages of "Is it working?"."""

from portal.insights.views import figures, needs, noting
from portal.insights.views.blueprint import insights

__all__ = ["figures", "insights", "needs", "noting"]
