"""Add notices of known trouble.

Revision ID: 000000000003
Revises: 000000000002
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000003"
down_revision = "000000000002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="what people should know; plain text"),
        sa.Column("update_text", sa.Text(), nullable=False, comment="the latest word since then"),
        sa.Column(
            "updated_at", types.UTCDateTime(timezone=True), nullable=True, comment="when the latest word was given"
        ),
        sa.Column(
            "since_at", types.UTCDateTime(timezone=True), nullable=False, comment="since when the trouble is there"
        ),
        sa.Column("next_word_at", types.UTCDateTime(timezone=True), nullable=True, comment="when people hear more"),
        sa.Column("ends_at", types.UTCDateTime(timezone=True), nullable=False, comment="from then on nobody sees it"),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True, comment="empty: its time was up"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("access_key", sa.String(length=200), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("n_changes", sa.Integer(), nullable=False, comment="grows with each change; tells two editors apart"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_incident_article_id_article"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_incident_category_id_category")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_incident_created_by_id_person")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_incident_ended_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_category_id"), ["category_id"], unique=False)
        batch_op.create_index("ix_incident_ended_at_ends_at", ["ended_at", "ends_at"], unique=False)

    op.create_table(
        "incident_echo",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_echo_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_incident_echo_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("incident_id", "person_id", name=op.f("pk_incident_echo")),
    )
    with op.batch_alter_table("incident_echo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_echo_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("incident_echo")
    op.drop_table("incident")
