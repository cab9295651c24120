"""Add what reviewers say, and who follows what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000013"
down_revision = "000000000012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: article:12"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id_person")),
        sa.PrimaryKeyConstraint("subject", "person_id", name=op.f("pk_follow")),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_person_id"), ["person_id"], unique=False)

    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column(
            "paragraph",
            sa.Integer(),
            nullable=True,
            comment="its place when it was written; none: about the whole text",
        ),
        sa.Column("quote", sa.String(length=120), nullable=False, comment="how the paragraph began, to find it again"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False, comment="rendered and sanitised when saved"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["article_draft.id"],
            name=op.f("fk_review_comment_draft_id_article_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_comment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_review_comment_resolved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    with op.batch_alter_table("review_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_comment_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_comment_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submitted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("scheduled_by_id", sa.Integer(), nullable=True, comment="in whose name it appears")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_draft_scheduled_by_id_person"), "person", ["scheduled_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_draft_submitted_by_id_person"), "person", ["submitted_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_article_draft_submitted_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_article_draft_scheduled_by_id_person"), type_="foreignkey")
        batch_op.drop_column("scheduled_by_id")
        batch_op.drop_column("submitted_by_id")

    with op.batch_alter_table("review_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_comment_person_id"))
        batch_op.drop_index(batch_op.f("ix_review_comment_draft_id"))

    op.drop_table("review_comment")
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_person_id"))

    op.drop_table("follow")
