"""Add announcements, words the search is told, and what topics and tags were called before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000007"
down_revision = "000000000006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_stop_word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_stop_word")),
    )
    op.create_table(
        "search_words_off",
        sa.Column("key", sa.String(length=80), nullable=False, comment="see synonyms.Group.key"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_words_off")),
    )
    op.create_table(
        "tag_alias",
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("becomes", sa.String(length=40), nullable=False, comment="empty: it is dropped"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_tag_alias")),
    )
    op.create_table(
        "category_redirect",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True, comment="empty: deleted; a sync does not revive it"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_category_redirect_category_id_category"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_category_redirect")),
    )
    with op.batch_alter_table("category_redirect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_redirect_category_id"), ["category_id"], unique=False)
    op.create_table(
        "judged_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False, comment="Refs; any of them is right"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_judged_query_created_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_query")),
        sa.UniqueConstraint("query", name=op.f("uq_judged_query_query")),
    )
    op.create_table(
        "search_word_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="same, near or leads (one way)"),
        sa.Column("words", sa.JSON(), nullable=False, comment="words, and phrases of two or three words"),
        sa.Column("sought", sa.JSON(), nullable=False, comment="of one way: what is sought too"),
        sa.Column("changed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_search_word_group_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word_group")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="Markdown"),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.JSON(), nullable=False, comment="slugs of audiences; none: everybody"),
        sa.Column("access_key", sa.String(length=200), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True, comment="the sender, if no person"),
        sa.Column(
            "agreed_at", types.UTCDateTime(timezone=True), nullable=True, comment="when the sender agreed to this text"
        ),
        sa.Column("declined_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "told_at", types.UTCDateTime(timezone=True), nullable=True, comment="when its readers got it as news"
        ),
        sa.Column("from_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", types.UTCDateTime(timezone=True), nullable=False, comment="from then on nobody sees it"),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True, comment="taken down by hand"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("n_changes", sa.Integer(), nullable=False, comment="grows with each change; tells two editors apart"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_announcement_article_id_article"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_announcement_created_by_id_person")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_announcement_department_id_department")
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_announcement_sender_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index("ix_announcement_ended_at_ends_at", ["ended_at", "ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_sender_id"), ["sender_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_sender_id"))
        batch_op.drop_index("ix_announcement_ended_at_ends_at")
        batch_op.drop_index(batch_op.f("ix_announcement_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_article_id"))
    op.drop_table("announcement")
    op.drop_table("search_word_group")
    op.drop_table("judged_query")
    with op.batch_alter_table("category_redirect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_redirect_category_id"))
    op.drop_table("category_redirect")
    op.drop_table("tag_alias")
    op.drop_table("search_words_off")
    op.drop_table("search_stop_word")
