"""Add what readers suggest, which checks were called to mind, and what people searched for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000012"
down_revision = "000000000011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "is_owner_chosen",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="in the portal: a sync leaves the owner alone",
            )
        )

    op.create_table(
        "article_check_reminder",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False, comment="the day it was about; another day begins anew"),
        sa.Column(
            "stage",
            sa.Integer(),
            nullable=False,
            comment="0 before the day, 1 from the day on, one more every two weeks",
        ),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_check_reminder_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_check_reminder")),
    )
    op.create_table(
        "article_search_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False, comment="as it was typed, the most frequent first"),
        sa.Column("n_people", sa.Integer(), nullable=False),
        sa.Column("n_searches", sa.Integer(), nullable=False),
        sa.Column("found_at", types.UTCDateTime(timezone=True), nullable=False, comment="when the ledger was read"),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_search_finding_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_search_finding")),
    )
    with op.batch_alter_table("article_search_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_search_finding_article_id"), ["article_id"], unique=False)

    op.create_table(
        "article_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False, comment="the passage as the reader saw it"),
        sa.Column("anchor", sa.String(length=120), nullable=False, comment="the heading it stands under"),
        sa.Column("words", sa.Text(), nullable=False, comment="what is wrong, or why it should change"),
        sa.Column("replacement", sa.Text(), nullable=False, comment="the other text; Markdown where it is the whole"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="number of the revision that was read"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="what the editor says to its author"),
        sa.Column("decided_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("published_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_suggestion_article_id_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_article_suggestion_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["article_draft.id"], name=op.f("fk_article_suggestion_draft_id_article_draft")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_article_suggestion_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_suggestion")),
    )
    with op.batch_alter_table("article_suggestion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_suggestion_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_suggestion_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_suggestion_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_article_suggestion_waiting", ["outcome", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("article_suggestion")
    op.drop_table("article_search_finding")
    op.drop_table("article_check_reminder")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_column("is_owner_chosen")
