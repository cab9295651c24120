"""Add drafts beside articles, rules of topics, and what revisions say of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000006"
down_revision = "000000000005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True, comment="true or nothing, so that one is open at most"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column(
            "lock",
            sa.Integer(),
            nullable=False,
            comment="grows with every save; a form that names an older one collides",
        ),
        sa.Column("based_on", sa.Integer(), nullable=False, comment="the number of revisions when it was begun"),
        sa.Column("change", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False, comment="what was changed and why"),
        sa.Column("sources", sa.JSON(), nullable=False, comment="Refs of what it was written from"),
        sa.Column("queries", sa.JSON(), nullable=False, comment="failed searches it answers"),
        sa.Column("written_by", sa.JSON(), nullable=False, comment="ids of everybody who saved it"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("saved_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True, comment="who was asked to look"),
        sa.Column("approved_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("publish_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_article_draft_approved_by_id_person")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_draft_article_id_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_article_draft_category_id_category")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_article_draft_created_by_id_person")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_article_draft_reviewer_id_person")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_article_draft_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_draft")),
        sa.UniqueConstraint("article_id", "is_open", name=op.f("uq_article_draft_article_id_is_open")),
    )
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_draft_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_draft_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_draft_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_draft_publish_at"), ["publish_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_draft_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_draft_state"), ["state"], unique=False)

    op.create_table(
        "draft_presence",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["article_draft.id"],
            name=op.f("fk_draft_presence_draft_id_article_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_presence_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_draft_presence")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("risk", sa.String(length=8), nullable=False, server_default="normal"))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "language", sa.String(length=16), nullable=False, server_default="", comment="empty: the portal's"
            )
        )
        batch_op.add_column(sa.Column("translation_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "translated_revision", sa.Integer(), nullable=True, comment="which revision of the original it says"
            )
        )
        batch_op.create_index(batch_op.f("ix_article_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_translation_of_id"), ["translation_of_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_article_translation_of_id_article"), "article", ["translation_of_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_merged_into_id_article"), "article", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("article_redirect", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("article_revision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "change",
                sa.String(length=8),
                nullable=False,
                server_default="major",
                comment="typo, minor or major: who was told",
            )
        )
        batch_op.add_column(
            sa.Column(
                "note", sa.String(length=300), nullable=False, server_default="", comment="what was changed and why"
            )
        )
        batch_op.add_column(sa.Column("draft_id", sa.Integer(), nullable=True, comment="what it was written in"))
        batch_op.add_column(sa.Column("approved_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "looked_at", types.UTCDateTime(timezone=True), nullable=True, comment="when an editor looked afterwards"
            )
        )
        batch_op.add_column(sa.Column("looked_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_article_revision_approved_by_id_person"), "person", ["approved_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_revision_looked_by_id_person"), "person", ["looked_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_revision_draft_id_article_draft"), "article_draft", ["draft_id"], ["id"]
        )

    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "origin",
                sa.String(length=8),
                nullable=False,
                server_default="file",
                comment="portal: a sync leaves it alone",
            )
        )
        batch_op.add_column(sa.Column("mode", sa.String(length=12), nullable=False, server_default="editorial"))
        batch_op.add_column(
            sa.Column(
                "needs_second",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="four eyes: nobody publishes what they wrote",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_column("needs_second")
        batch_op.drop_column("mode")
        batch_op.drop_column("origin")

    with op.batch_alter_table("article_revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_article_revision_draft_id_article_draft"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_article_revision_looked_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_article_revision_approved_by_id_person"), type_="foreignkey")
        batch_op.drop_column("looked_by_id")
        batch_op.drop_column("looked_at")
        batch_op.drop_column("approved_by_id")
        batch_op.drop_column("draft_id")
        batch_op.drop_column("note")
        batch_op.drop_column("change")

    with op.batch_alter_table("article_redirect", schema=None) as batch_op:
        batch_op.drop_column("created_at")

    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_article_merged_into_id_article"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_article_translation_of_id_article"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_article_translation_of_id"))
        batch_op.drop_index(batch_op.f("ix_article_merged_into_id"))
        batch_op.drop_column("translated_revision")
        batch_op.drop_column("translation_of_id")
        batch_op.drop_column("language")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("risk")

    op.drop_table("draft_presence")
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_draft_state"))
        batch_op.drop_index(batch_op.f("ix_article_draft_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_article_draft_publish_at"))
        batch_op.drop_index(batch_op.f("ix_article_draft_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_article_draft_category_id"))
        batch_op.drop_index(batch_op.f("ix_article_draft_article_id"))

    op.drop_table("article_draft")
