"""Add waves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000027"
down_revision = "000000000026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "stage",
            sa.String(length=16),
            nullable=False,
            comment="of surveys.instrument: idea, design, build, launch, use",
        ),
        sa.Column("instrument", sa.String(length=32), nullable=False, comment="and version; digest at launch"),
        sa.Column("instrument_digest", sa.String(length=64), nullable=False, comment="of the questions, at launch"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("breakdown", sa.String(length=16), nullable=False, comment="the primary one"),
        sa.Column(
            "second_breakdown",
            sa.String(length=16),
            nullable=False,
            comment="shown only if nothing hidden follows from it",
        ),
        sa.Column("departments", sa.JSON(), nullable=False, comment="invited, with all below; empty: all"),
        sa.Column(
            "threshold", sa.Integer(), nullable=False, comment="people a group needs to be shown; may only be raised"
        ),
        sa.Column("comment_threshold", sa.Integer(), nullable=False, comment="the same for comments and distributions"),
        sa.Column("sender", sa.String(length=16), nullable=False, comment="hr or communications: never IT (D14)"),
        sa.Column("sender_name", sa.String(length=120), nullable=False, comment="as it stands under the mail"),
        sa.Column("why", sa.Text(), nullable=False, comment="in the invitation: what it is for, who reads it"),
        sa.Column("open_question", sa.String(length=300), nullable=False, comment="empty: the instrument's own"),
        sa.Column("opens_on", sa.Date(), nullable=True, comment="in the portal's time zone"),
        sa.Column("closes_on", sa.Date(), nullable=True, comment="the last day answers count"),
        sa.Column("reminder_days", sa.JSON(), nullable=False, comment="days after launch, at most two"),
        sa.Column("before_id", sa.Integer(), nullable=True, comment="the wave it is compared with"),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("launched_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "published_at",
            types.UTCDateTime(timezone=True),
            nullable=True,
            comment="when everybody could read its outcome, not only those who plan",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by every edit; an older one is a collision"),
        sa.CheckConstraint("comment_threshold >= 10", name=op.f("ck_wave_comment_threshold_protects")),
        sa.CheckConstraint("threshold >= 5", name=op.f("ck_wave_threshold_protects")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_wave_author_id_person")),
        sa.ForeignKeyConstraint(["before_id"], ["wave.id"], name=op.f("fk_wave_before_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
    )
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.create_index("ix_wave_state_closes_on", ["state", "closes_on"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256; the token itself stands only in the mail",
        ),
        sa.Column("department", sa.String(length=120), nullable=False, comment="by name, as it was at launch"),
        sa.Column("site", sa.String(length=120), nullable=False, comment="by name, as it was at launch"),
        sa.Column(
            "sent_at", types.UTCDateTime(timezone=True), nullable=True, comment="of the mail; none: not sent yet"
        ),
        sa.Column("n_reminders", sa.Integer(), nullable=False, comment="forgotten at the close"),
        sa.Column("is_used", sa.Boolean(), nullable=False, comment="answered; never when"),
        sa.Column("is_bounced", sa.Boolean(), nullable=False, comment="never arrived: out of every denominator"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_invitation_wave_id_wave"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sa.UniqueConstraint("wave_id", "person_id", name=op.f("uq_invitation_wave_id_person_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)
    op.create_table(
        "said_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False, comment="whom it is about; empty: all"),
        sa.Column("link", sa.String(length=64), nullable=False, comment="a Ref: item:3, article:12"),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("published_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_said_done_person_id_person")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_said_done_wave_id_wave"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said_done")),
    )
    with op.batch_alter_table("said_done", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_said_done_wave_id"), ["wave_id"], unique=False)
    op.create_table(
        "sheet",
        sa.Column("id", sa.String(length=32), nullable=False, comment="128 random bits, hex"),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False, comment="a copy of the name, not a reference"),
        sa.Column("site", sa.String(length=120), nullable=False, comment="a copy of the name, not a reference"),
        sa.Column("answers", sa.JSON(), nullable=False, comment="by item code, 1 to 5; absent: left out"),
        sa.Column("comment", sa.Text(), nullable=False, comment="as typed; names are taken out before showing"),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_sheet_wave_id_wave"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_wave_id"), ["wave_id"], unique=False)
    op.create_table(
        "wave_reading",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the shape"),
        sa.Column("released", sa.JSON(), nullable=False, comment="what passed the one gate; nothing else is kept"),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_wave_reading_wave_id_wave"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave_reading")),
    )
    op.create_table(
        "wave_unit",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("breakdown", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False, comment="empty: not stated"),
        sa.Column("department_id", sa.Integer(), nullable=True, comment="whose manager may read it"),
        sa.Column("n_people", sa.Integer(), nullable=False, comment="eligible when the wave was launched"),
        sa.Column("n_delivered", sa.Integer(), nullable=False, comment="settled at the close: bounced ones are out"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_wave_unit_department_id_department")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_unit_wave_id_wave"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("wave_id", "breakdown", "name", name=op.f("pk_wave_unit")),
    )


def downgrade() -> None:
    op.drop_table("wave_unit")
    op.drop_table("wave_reading")
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_wave_id"))
    op.drop_table("sheet")
    with op.batch_alter_table("said_done", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_said_done_wave_id"))
    op.drop_table("said_done")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))
    op.drop_table("invitation")
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.drop_index("ix_wave_state_closes_on")
    op.drop_table("wave")
