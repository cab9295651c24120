"""Add increments, gates and the task force.

Revision ID: 000000000030
Revises: 000000000029
Create Date: 2026-11-23
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000030"
down_revision = "000000000029"
branch_labels = None
depends_on = None

DECIDED = "what was decided at a gate cannot be changed"
SETTLED = "gate_id, verdict, why, at, frozen"
"""Who decided is left out: when two accounts become one, it is the same person still."""


def upgrade() -> None:
    op.create_table(
        "increment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, comment="what it is for, in plain words"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False, comment="shown to everybody, not only to who steers"),
        sa.Column("starts_on", sa.Date(), nullable=False, comment="as planned now"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="as planned now"),
        sa.Column("first_starts_on", sa.Date(), nullable=False, comment="as planned first; never changed"),
        sa.Column("first_ends_on", sa.Date(), nullable=False, comment="as planned first; never changed"),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("budget_planned", sa.Integer(), nullable=True, comment="in whole units of the portal's currency"),
        sa.Column("budget_spent", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="raised by every change; an older one is a collision"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_increment_created_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_increment_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_increment")),
    )
    with op.batch_alter_table("increment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_increment_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False, comment="rendered and sanitised when saved"),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_minutes_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
    )
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_held_on"), ["held_on"], unique=False)

    op.create_table(
        "taskforce_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False, comment="a Ref it comes from: minutes:3, gate:2"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("done_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False, comment="what came of it, or why it is dropped"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_taskforce_action_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_taskforce_action_done_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_taskforce_action_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taskforce_action")),
    )
    with op.batch_alter_table("taskforce_action", schema=None) as batch_op:
        batch_op.create_index("ix_taskforce_action_done_at_due_on", ["done_at", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_taskforce_action_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "taskforce_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_taskforce_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taskforce_member")),
    )
    with op.batch_alter_table("taskforce_member", schema=None) as batch_op:
        batch_op.create_index("ix_taskforce_member_person_id_left_on", ["person_id", "left_on"], unique=False)

    op.create_table(
        "gate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False, comment="of the five in defaults.toml: idea-design, …"),
        sa.Column("increment_id", sa.Integer(), nullable=True, comment="none: the whole"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("seats", sa.JSON(), nullable=False, comment="whose signatures it takes"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_gate_created_by_id_person")),
        sa.ForeignKeyConstraint(["increment_id"], ["increment.id"], name=op.f("fk_gate_increment_id_increment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
    )
    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_increment_id"), ["increment_id"], unique=False)

    op.create_table(
        "increment_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("increment_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=120), nullable=False, comment="to whom, in words"),
        sa.Column("signed_by", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["increment_id"],
            ["increment.id"],
            name=op.f("fk_increment_message_increment_id_increment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_increment_message")),
    )
    with op.batch_alter_table("increment_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_increment_message_increment_id"), ["increment_id"], unique=False)

    op.create_table(
        "increment_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("increment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("invited", sa.String(length=200), nullable=False, comment="whom, in words"),
        sa.Column("n_invited", sa.Integer(), nullable=True),
        sa.Column(
            "n_attended", sa.Integer(), nullable=True, comment="counted by who held it; none: not held, or not counted"
        ),
        sa.Column("learned", sa.Text(), nullable=False, comment="what came of it"),
        sa.ForeignKeyConstraint(
            ["increment_id"],
            ["increment.id"],
            name=op.f("fk_increment_session_increment_id_increment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_increment_session")),
    )
    with op.batch_alter_table("increment_session", schema=None) as batch_op:
        batch_op.create_index("ix_increment_session_increment_id_on", ["increment_id", "on"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("increment_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="as planned now"),
        sa.Column("first_due_on", sa.Date(), nullable=False, comment="as planned first; never changed"),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["increment_id"], ["increment.id"], name=op.f("fk_milestone_increment_id_increment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_increment_id"), ["increment_id"], unique=False)

    op.create_table(
        "minutes_presence",
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_presence_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_presence_person_id_person")),
        sa.PrimaryKeyConstraint("minutes_id", "person_id", name=op.f("pk_minutes_presence")),
    )
    with op.batch_alter_table("minutes_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_presence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "taskforce_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="who wrote it down"),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_taskforce_decision_minutes_id_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_taskforce_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taskforce_decision")),
    )
    with op.batch_alter_table("taskforce_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taskforce_decision_minutes_id"), ["minutes_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["increment_session.id"],
            name=op.f("fk_attendance_session_id_increment_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_person_id"), ["person_id"], unique=False)

    op.create_table(
        "gate_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="code of a dimension, name of a measure"),
        sa.Column("comparison", sa.String(length=2), nullable=False, comment="one of < <= > >="),
        sa.Column("threshold", sa.Double(), nullable=True, comment="none for what is looked at by hand"),
        sa.Column("days", sa.Integer(), nullable=False, comment="over how many whole days a measure is read"),
        sa.Column("words", sa.String(length=200), nullable=False, comment="of what is looked at by hand"),
        sa.Column("is_met", sa.Boolean(), nullable=True, comment="by hand; none: nobody has looked"),
        sa.Column("seen", sa.String(length=300), nullable=False, comment="what whoever looked has seen"),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["gate_id"], ["gate.id"], name=op.f("fk_gate_condition_gate_id_gate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name=op.f("fk_gate_condition_seen_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_condition")),
    )
    with op.batch_alter_table("gate_condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_condition_gate_id"), ["gate_id"], unique=False)

    op.create_table(
        "gate_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=False, comment="conditions, signatures and items as they stood"),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_gate_decision_gate_id_gate")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_gate_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_decision")),
    )
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.create_index("ix_gate_decision_gate_id_at", ["gate_id", "at"], unique=False)

    op.create_table(
        "gate_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gate_id"], ["gate.id"], name=op.f("fk_gate_signature_gate_id_gate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_gate_signature_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_signature")),
    )
    with op.batch_alter_table("gate_signature", schema=None) as batch_op:
        batch_op.create_index("ix_gate_signature_gate_id_at", ["gate_id", "at"], unique=False)

    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("increment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True, comment="where it comes from"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("example", sa.Text(), nullable=False, comment="one case in the words of who has it"),
        sa.Column("shown_in_id", sa.Integer(), nullable=True, comment="where it was shown"),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_requirement_accepted_by_id_person")),
        sa.ForeignKeyConstraint(
            ["increment_id"], ["increment.id"], name=op.f("fk_requirement_increment_id_increment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_requirement_item_id_item")),
        sa.ForeignKeyConstraint(
            ["shown_in_id"], ["increment_session.id"], name=op.f("fk_requirement_shown_in_id_increment_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requirement_increment_id"), ["increment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requirement_item_id"), ["item_id"], unique=False)

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_item_increment_id_increment"), "increment", ["increment_id"], ["id"])
    _guard_decisions()


def _guard_decisions() -> None:
    """Refuse to change or delete what was decided, whoever speaks to the database."""
    verbs = (("update", f"UPDATE OF {SETTLED}"), ("delete", "DELETE"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION gate_decision_stands() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{DECIDED}'; END $$"
        )
        for name, verb in verbs:
            op.execute(
                f"CREATE TRIGGER gate_decision_stands_{name} BEFORE {verb} ON gate_decision "
                "FOR EACH ROW EXECUTE FUNCTION gate_decision_stands()"
            )
        return
    for name, verb in verbs:
        op.execute(
            f"CREATE TRIGGER gate_decision_stands_{name} BEFORE {verb} ON gate_decision "
            f"BEGIN SELECT RAISE(ABORT, '{DECIDED}'); END"
        )


def downgrade() -> None:
    for name in ("update", "delete"):
        where = " ON gate_decision" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER gate_decision_stands_{name}{where}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION gate_decision_stands()")
    op.execute("UPDATE item SET increment_id = NULL")  # of what goes here; or the way up would find it pointing nowhere
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_item_increment_id_increment"), type_="foreignkey")

    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requirement_item_id"))
        batch_op.drop_index(batch_op.f("ix_requirement_increment_id"))

    op.drop_table("requirement")
    with op.batch_alter_table("gate_signature", schema=None) as batch_op:
        batch_op.drop_index("ix_gate_signature_gate_id_at")

    op.drop_table("gate_signature")
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_gate_decision_gate_id_at")

    op.drop_table("gate_decision")
    with op.batch_alter_table("gate_condition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_condition_gate_id"))

    op.drop_table("gate_condition")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_person_id"))

    op.drop_table("attendance")
    with op.batch_alter_table("taskforce_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taskforce_decision_minutes_id"))

    op.drop_table("taskforce_decision")
    with op.batch_alter_table("minutes_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_presence_person_id"))

    op.drop_table("minutes_presence")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_increment_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("increment_session", schema=None) as batch_op:
        batch_op.drop_index("ix_increment_session_increment_id_on")

    op.drop_table("increment_session")
    with op.batch_alter_table("increment_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_increment_message_increment_id"))

    op.drop_table("increment_message")
    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_increment_id"))

    op.drop_table("gate")
    with op.batch_alter_table("taskforce_member", schema=None) as batch_op:
        batch_op.drop_index("ix_taskforce_member_person_id_left_on")

    op.drop_table("taskforce_member")
    with op.batch_alter_table("taskforce_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taskforce_action_owner_id"))
        batch_op.drop_index("ix_taskforce_action_done_at_due_on")

    op.drop_table("taskforce_action")
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_held_on"))

    op.drop_table("minutes")
    with op.batch_alter_table("increment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_increment_owner_id"))

    op.drop_table("increment")
