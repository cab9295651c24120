"""Drop columns and indexes that nobody reads, and make those that lists need in a house of many.

An index of access keys led to most of a table: nearly everything has one of two.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "000000000033"
down_revision = "000000000032"
branch_labels = None
depends_on = None


KEYED = ("article", "question", "tip", "idea")
WAITING = sa.text("comment != '' AND (replied_at IS NULL OR replied_at < changed_at)")
CHOSEN = sa.text("reason IS NOT NULL")
PRESSING = sa.text("n_lost >= 3 OR is_unread IS true")


def upgrade() -> None:
    op.drop_column("ticket", "is_private_title")
    op.drop_column("item", "check_after_days")
    for table in KEYED:
        op.drop_index(f"ix_{table}_access_key", table)
    op.drop_index("ix_question_category_id", "question")
    op.drop_index("ix_solution_open", "solution")
    op.create_index("ix_question_counted", "question", ["category_id", "removed_at", "access_key"])
    op.create_index("ix_solution_tally", "solution", ["subject", "version", "is_solved"])
    columns = ["subject", "version", "reason"]
    op.create_index("ix_solution_reasons", "solution", columns, sqlite_where=CHOSEN, postgresql_where=CHOSEN)
    op.create_index("ix_article_review_by", "article", ["status", "review_by"])
    op.create_index("ix_solution_waiting", "solution", ["changed_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_desk_met_pressing", "desk_met", ["subject"], sqlite_where=PRESSING, postgresql_where=PRESSING)


def downgrade() -> None:
    op.drop_index("ix_desk_met_pressing", "desk_met")
    op.drop_index("ix_solution_waiting", "solution")
    op.drop_index("ix_article_review_by", "article")
    op.drop_index("ix_solution_reasons", "solution")
    op.drop_index("ix_solution_tally", "solution")
    op.drop_index("ix_question_counted", "question")
    op.create_index("ix_solution_open", "solution", ["is_solved", "replied_at", "changed_at"])
    op.create_index("ix_question_category_id", "question", ["category_id"])
    for table in KEYED:
        op.create_index(f"ix_{table}_access_key", table, ["access_key"])
    op.add_column(
        "ticket",
        sa.Column(
            "is_private_title",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="its words are never shown outside its people, only counted",
        ),
    )
    op.add_column(
        "item",
        sa.Column(
            "check_after_days",
            sa.Integer(),
            nullable=False,
            server_default="30",
            comment="30, and again 90, after delivery",
        ),
    )
