"""The pages of "Is it working?"."""

from portal.insights.views import figures, handled, log_files, logs, needs, noting, surveys
from portal.insights.views.blueprint import insights

__all__ = ["figures", "handled", "insights", "log_files", "logs", "needs", "noting", "surveys"]
