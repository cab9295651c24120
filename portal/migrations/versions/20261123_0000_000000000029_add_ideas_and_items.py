"""Add ideas and items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000029"
down_revision = "000000000028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False, comment="for everybody, in plain words"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("column", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="within its column, by hand"),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "increment_id", sa.Integer(), nullable=True, comment="what ships it; its table is of increments/models.py"
        ),
        sa.Column("reach", sa.Double(), nullable=True, comment="people a quarter; none: from evidence"),
        sa.Column("impact", sa.Double(), nullable=True, comment="3, 2, 1, .5 or .25; none: from evidence"),
        sa.Column("confidence", sa.Double(), nullable=True, comment="0 to 1; none: from the grade of evidence"),
        sa.Column("effort", sa.Double(), nullable=True, comment="person-weeks, at least .5"),
        sa.Column("foretold", sa.Double(), nullable=True, comment="tickets avoided a quarter, as expected"),
        sa.Column("foretold_low", sa.Double(), nullable=True),
        sa.Column("foretold_high", sa.Double(), nullable=True),
        sa.Column("value_points", sa.Integer(), nullable=True, comment="WSJF, for the steering group"),
        sa.Column("urgency_points", sa.Integer(), nullable=True),
        sa.Column("risk_points", sa.Integer(), nullable=True),
        sa.Column("size_points", sa.Integer(), nullable=True),
        sa.Column("started_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("check_after_days", sa.Integer(), nullable=False, comment="30, and again 90, after delivery"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_item_category_id_category")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_item_created_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_item_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_increment_id"), ["increment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_item_state_column", ["state", "column"], unique=False)
    op.create_table(
        "status_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: item:3, idea:7"),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=16), nullable=False, comment="state, column, reach, impact, …"),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False, comment="the evidence as it stood then"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_status_note_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_note")),
    )
    with op.batch_alter_table("status_note", schema=None) as batch_op:
        batch_op.create_index("ix_status_note_subject_at", ["subject", "at"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False, comment="by its name in the catalogue of measures"),
        sa.Column("slice", sa.String(length=96), nullable=False, comment="topic:7, department:3; empty: all"),
        sa.Column("comparison", sa.String(length=2), nullable=False, comment="one of < <= > >="),
        sa.Column(
            "threshold", sa.Double(), nullable=False, comment="the gap is open while value comparison threshold holds"
        ),
        sa.Column("days", sa.Integer(), nullable=False, comment="over how many whole days"),
        sa.Column("minimum_n", sa.Integer(), nullable=False, comment="with less it says nothing"),
        sa.Column("link", sa.String(length=64), nullable=False, comment="a Ref it stands for too: wave:2, article:12"),
        sa.Column("grade", sa.String(length=1), nullable=False, comment="A to D: METRICS 6"),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_evidence_created_by_id_person")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_evidence_item_id_item"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_item_id"), ["item_id"], unique=False)
    op.create_table(
        "idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False, comment="rendered and sanitised when saved"),
        sa.Column("excerpt", sa.String(length=200), nullable=False, comment="how the text begins, for lists"),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("access_key", sa.String(length=200), nullable=False, comment="the topic's, kept in step with it"),
        sa.Column(
            "access_changed_at",
            types.UTCDateTime(timezone=True),
            nullable=True,
            comment="it was for other people before",
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True, comment="what it became part of"),
        sa.Column("answer", sa.Text(), nullable=False, comment="what its proposer was told"),
        sa.Column(
            "answered_at",
            types.UTCDateTime(timezone=True),
            nullable=True,
            comment="first answer: time to it is measured",
        ),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("n_votes", sa.Integer(), nullable=False),
        sa.Column("n_comments", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_idea_answered_by_id_person")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_idea_category_id_category")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["idea.id"], name=op.f("fk_idea_duplicate_of_id_idea")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_idea_item_id_item")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_idea_person_id_person")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_idea_removed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
    )
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_access_key"), ["access_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_idea_state_created_at", ["state", "created_at"], unique=False)
    op.create_table(
        "evidence_reading",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False, comment="the day after the last one read"),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=True, comment="the gap is open; none: not enough data"),
        sa.Column(
            "n_people", sa.Integer(), nullable=True, comment="who had a need in this slice in the quarter before"
        ),
        sa.Column("n_tickets", sa.Integer(), nullable=True, comment="tickets of this slice in the quarter before"),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_reading_evidence_id_evidence"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("evidence_id", "on", name=op.f("pk_evidence_reading")),
    )


def downgrade() -> None:
    op.drop_table("evidence_reading")
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_index("ix_idea_state_created_at")
        batch_op.drop_index(batch_op.f("ix_idea_person_id"))
        batch_op.drop_index(batch_op.f("ix_idea_item_id"))
        batch_op.drop_index(batch_op.f("ix_idea_duplicate_of_id"))
        batch_op.drop_index(batch_op.f("ix_idea_category_id"))
        batch_op.drop_index(batch_op.f("ix_idea_access_key"))
    op.drop_table("idea")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_item_id"))
    op.drop_table("evidence")
    with op.batch_alter_table("status_note", schema=None) as batch_op:
        batch_op.drop_index("ix_status_note_subject_at")
    op.drop_table("status_note")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index("ix_item_state_column")
        batch_op.drop_index(batch_op.f("ix_item_owner_id"))
        batch_op.drop_index(batch_op.f("ix_item_increment_id"))
        batch_op.drop_index(batch_op.f("ix_item_category_id"))
    op.drop_table("item")
