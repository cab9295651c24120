"""Keep where an article was filed, and who might read it, with each revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "000000000014"
down_revision = "000000000013"
branch_labels = None
depends_on = None

KEYS = """
UPDATE article_revision SET access_key = (SELECT access_key FROM article WHERE article.id = article_id)
"""
LATEST = """
UPDATE article_revision
SET category_id = (SELECT category_id FROM article WHERE article.id = article_id),
    audience = (SELECT audience FROM article WHERE article.id = article_id)
WHERE n = (SELECT n_revisions FROM article WHERE article.id = article_id)
"""


def upgrade() -> None:
    with op.batch_alter_table("article_revision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "access_key",
                sa.String(length=200),
                server_default="",
                nullable=False,
                comment="the article's, then",
            )
        )
        batch_op.add_column(
            sa.Column("category_id", sa.Integer(), nullable=True, comment="empty: not known, or the topic is gone")
        )
        batch_op.add_column(sa.Column("audience", sa.JSON(), nullable=True, comment="empty: from before this was kept"))
        batch_op.add_column(sa.Column("tags", sa.JSON(), nullable=True, comment="empty: from before this was kept"))
        batch_op.create_index(batch_op.f("ix_article_revision_category_id"), ["category_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_article_revision_category_id_category"),
            "category",
            ["category_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "is_checked",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="whoever approved it has also checked that it is right",
            )
        )
        batch_op.add_column(
            sa.Column(
                "is_second_asked",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="four eyes, although its topic no longer asks for them",
            )
        )
    op.execute(KEYS)  # the best that is known of texts from before: whoever may read the article now
    op.execute(LATEST)
    op.execute("UPDATE article_revision SET change = '' WHERE n = 1")  # a first text changes nothing


def downgrade() -> None:
    op.execute("UPDATE article_revision SET change = 'major' WHERE change = ''")
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.drop_column("is_second_asked")
        batch_op.drop_column("is_checked")
    with op.batch_alter_table("article_revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_article_revision_category_id_category"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_article_revision_category_id"))
        batch_op.drop_column("tags")
        batch_op.drop_column("audience")
        batch_op.drop_column("category_id")
        batch_op.drop_column("access_key")
