"""Add more of the queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "000000000020"
down_revision = "000000000019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_habit",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("has_keys", sa.Boolean(), nullable=False, comment="single letters act, such as r for reply"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_habit_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_habit")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False, comment="what stands behind the question mark"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "copy_of_id",
                sa.Integer(),
                nullable=True,
                comment="the reply on an incident that went to every report of it",
            )
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_ticket_message_ticket_id_copy_of_id"), ["ticket_id", "copy_of_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_ticket_message_copy_of_id_ticket_message"), "ticket_message", ["copy_of_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_message_copy_of_id_ticket_message"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_ticket_message_ticket_id_copy_of_id"), type_="unique")
        batch_op.drop_column("copy_of_id")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_person_id"))
    op.drop_table("saved_view")
    op.drop_table("desk_habit")
