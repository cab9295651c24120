"""Add what is known of the links in articles, and what a translation will say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000011"
down_revision = "000000000010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_link",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=1000), nullable=False, comment="slug#heading, or a whole address"),
        sa.Column("is_outside", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "reason", sa.String(length=200), nullable=False, comment="what was wrong, a word of ours or a status"
        ),
        sa.Column("n_failed", sa.Integer(), nullable=False, comment="how often in a row"),
        sa.Column("asked_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("broken_at", types.UTCDateTime(timezone=True), nullable=True, comment="since when it is broken"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_link_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "target", name=op.f("pk_article_link")),
    )
    op.create_index(op.f("ix_article_link_asked_at"), "article_link", ["is_outside", "asked_at"])
    op.create_index(op.f("ix_article_link_state"), "article_link", ["state"])
    op.add_column(
        "article_draft",
        sa.Column("original_revision", sa.Integer(), comment="of a translation: which revision it will say"),
    )


def downgrade() -> None:
    with op.batch_alter_table("article_draft") as batch_op:
        batch_op.drop_column("original_revision")
    op.drop_table("article_link")
