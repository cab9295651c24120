"""Add more of the editors' desk: how many people met a thing, what was decided of a row, what work changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000026"
down_revision = "000000000025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_met",
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref, or the whole portal"),
        sa.Column("n_people", sa.Integer(), nullable=False),
        sa.Column("n_met", sa.Integer(), nullable=False, comment="of whom it is known how it ended"),
        sa.Column(
            "n_lost", sa.Integer(), nullable=False, comment="who ended at the desk, or said that it did not help"
        ),
        sa.Column(
            "is_unread", sa.Boolean(), server_default=sa.false(), nullable=False, comment="by nobody in 180 days"
        ),
        sa.Column(
            "slip_of", sa.String(length=60), server_default="", nullable=False, comment="of a gap: the known word"
        ),
        sa.Column("counted_on", sa.Date(), nullable=False, comment="the last of the 28 days"),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_desk_met")),
    )
    op.create_table(
        "article_twins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False, comment="of the titles, up to 100"),
        sa.ForeignKeyConstraint(
            ["one_id"], ["article.id"], name=op.f("fk_article_twins_one_id_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["article.id"], name=op.f("fk_article_twins_other_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_twins")),
    )
    op.create_index(op.f("ix_article_twins_one_id"), "article_twins", ["one_id"])
    op.create_index(op.f("ix_article_twins_other_id"), "article_twins", ["other_id"])
    op.create_table(
        "desk_mark",
        sa.Column("key", sa.String(length=64), nullable=False, comment="kind and number: gap:12"),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("aside_by_id", sa.Integer(), nullable=True),
        sa.Column("aside_at", types.UTCDateTime(timezone=True), nullable=True, comment="none: it stands on the desk"),
        sa.Column("aside_until", sa.Date(), nullable=True, comment="none while aside: until twice as many meet it"),
        sa.Column("aside_people", sa.Integer(), server_default="0", nullable=False, comment="how many met it then"),
        sa.Column("reason", sa.String(length=16), server_default="", nullable=False),
        sa.Column("words", sa.String(length=300), server_default="", nullable=False),
        sa.Column("changed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["aside_by_id"], ["person.id"], name=op.f("fk_desk_mark_aside_by_id_person")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["person.id"], name=op.f("fk_desk_mark_assigned_by_id_person")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_desk_mark_assignee_id_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_desk_mark")),
    )
    op.create_index(op.f("ix_desk_mark_assignee_id"), "desk_mark", ["assignee_id"])
    op.create_table(
        "work_effect",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["article_draft.id"], name=op.f("fk_work_effect_draft_id_article_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_work_effect")),
    )
    op.create_index(op.f("ix_work_effect_published_on"), "work_effect", ["published_on"])


def downgrade() -> None:
    op.drop_table("work_effect")
    op.drop_table("desk_mark")
    op.drop_table("article_twins")
    op.drop_table("desk_met")
