"""The pages of "Is it working?"."""

from portal.insights.views import overview
from portal.insights.views.blueprint import insights

__all__ = ["insights", "overview"]
