"""Add goals and interventions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000028"
down_revision = "000000000027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoption_reading",
        sa.Column("slice", sa.String(length=32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the definitions"),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slice", name=op.f("pk_adoption_reading")),
    )
    op.create_table(
        "adoption_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="the first one not counted: a Monday, or the latest"),
        sa.Column("slice", sa.String(length=32), nullable=False, comment="empty: all; department:3, site:2"),
        sa.Column(
            "stage", sa.String(length=24), nullable=False, comment="eligible, reached, … and counts of the days before"
        ),
        sa.Column("n", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_standing")),
        sa.UniqueConstraint("slice", "stage", "day", name=op.f("uq_adoption_standing_slice_stage_day")),
    )
    op.create_table(
        "headcount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in UTC"),
        sa.Column(
            "slice",
            sa.String(length=32),
            nullable=False,
            comment="empty: all; department:3, site:2, department:0 for none",
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount")),
        sa.UniqueConstraint("slice", "day", name=op.f("uq_headcount_slice_day")),
    )
    op.create_table(
        "adoption_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: goal:3, intervention:2"),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "field", sa.String(length=24), nullable=False, comment="which field; state: given up, stopped, published"
        ),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adoption_revision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_revision")),
    )
    with op.batch_alter_table("adoption_revision", schema=None) as batch_op:
        batch_op.create_index("ix_adoption_revision_subject_at", ["subject", "at"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False, comment="a name of the catalogue of measures"),
        sa.Column("department_id", sa.Integer(), nullable=True, comment="whose; neither: all"),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.Double(), nullable=False, comment="in the unit of the measure; a share between 0 and 1"),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the day on which the figure is to be there"),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", types.UTCDateTime(timezone=True), nullable=True, comment="given up, with a reason"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="raised by every change; an older one is a collision"
        ),
        sa.Column("kept", sa.JSON(), nullable=False, comment="how it stands, worked out at night"),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_goal_created_by_id_person")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_goal_department_id_department")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_goal_owner_id_person")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_goal_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_owner_id"), ["owner_id"], unique=False)
    op.create_table(
        "intervention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False, comment="what is done, in plain words"),
        sa.Column(
            "flaw", sa.String(length=40), nullable=False, comment="of surveys.flaws, which it is to mend; or none"
        ),
        sa.Column("wave_id", sa.Integer(), nullable=True, comment="in which the flaw was found"),
        sa.Column("measure", sa.String(length=64), nullable=False, comment="frozen at the start, as the next five are"),
        sa.Column("direction", sa.String(length=8), nullable=False, comment="up or down"),
        sa.Column(
            "expected", sa.Double(), nullable=False, comment="by how much, in the unit of the measure; never below 0"
        ),
        sa.Column("is_randomised", sa.Boolean(), nullable=False, comment="whether starts were drawn by lot"),
        sa.Column("seed", sa.Integer(), nullable=True, comment="of the lot; the same seed draws the same order"),
        sa.Column("lot", sa.JSON(), nullable=False, comment="departments it was drawn among: [3, HR]"),
        sa.Column("stop_on", sa.Date(), nullable=False, comment="the first day on which it does not run any more"),
        sa.Column("cost", sa.Double(), nullable=True, comment="in the currency of the portal, as planned"),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "stopped_at", types.UTCDateTime(timezone=True), nullable=True, comment="before its time, with a reason"
        ),
        sa.Column("readout", sa.Text(), nullable=False, comment="what is said of it for everybody"),
        sa.Column("published_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=False, comment="the effect as it was published"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="raised by every change; an older one is a collision"
        ),
        sa.Column("kept", sa.JSON(), nullable=False, comment="its effect, worked out at night"),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_intervention_created_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_intervention_owner_id_person")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_intervention_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention")),
    )
    with op.batch_alter_table("intervention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intervention_owner_id"), ["owner_id"], unique=False)
    op.create_table(
        "intervention_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_intervention_start_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["intervention_id"],
            ["intervention.id"],
            name=op.f("fk_intervention_start_intervention_id_intervention"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_start")),
    )
    with op.batch_alter_table("intervention_start", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intervention_start_intervention_id"), ["intervention_id"], unique=False)
    with op.batch_alter_table("change_date", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "subject",
                sa.String(length=64),
                server_default="",
                nullable=False,
                comment="a Ref: the thing whose date it is; empty: pinned by hand",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("change_date", schema=None) as batch_op:
        batch_op.drop_column("subject")
    with op.batch_alter_table("intervention_start", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intervention_start_intervention_id"))
    op.drop_table("intervention_start")
    with op.batch_alter_table("intervention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intervention_owner_id"))
    op.drop_table("intervention")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_owner_id"))
    op.drop_table("goal")
    with op.batch_alter_table("adoption_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_adoption_revision_subject_at")
    op.drop_table("adoption_revision")
    op.drop_table("headcount")
    op.drop_table("adoption_standing")
    op.drop_table("adoption_reading")
