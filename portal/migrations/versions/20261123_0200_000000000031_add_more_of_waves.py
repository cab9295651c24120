"""Add more of waves: what their mails need, and a guard over what a launched one means.

A later batch operation on `wave` writes the table anew on SQLite and loses the guard: make it anew after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000031"
down_revision = "000000000030"
branch_labels = None
depends_on = None

SETTLED = "what a launched wave means cannot be changed"
FIXED = ("stage", "instrument", "instrument_digest", "breakdown", "second_breakdown")
NEVER_LESS = ("threshold", "comment_threshold")


def upgrade() -> None:
    op.add_column(
        "wave",
        sa.Column(
            "reply_to",
            sa.String(length=254),
            nullable=False,
            server_default="",
            comment="where answers to its mails are read",
        ),
    )
    op.add_column(
        "invitation",
        sa.Column(
            "is_test",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="of a planner trying a draft: may look and send, nothing is kept or counted; gone at launch",
        ),
    )
    op.create_table(
        "wave_key",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=64),
            nullable=False,
            comment="256 random bits, hex; of no use without the portal's secret",
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_key_wave_id_wave"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave_key")),
    )
    op.create_table(
        "wave_mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "due_at",
            types.UTCDateTime(timezone=True),
            nullable=False,
            comment="not before; put off when the server is away",
        ),
        sa.Column("began_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False, comment="the last invitation tried in this round"),
        sa.Column("step", sa.Integer(), nullable=False, comment="of its jobs: only the one of this step works on"),
        sa.Column("n_left", sa.Integer(), nullable=False, comment="passed over in this round: tried again in the next"),
        sa.Column("n_rounds", sa.Integer(), nullable=False, comment="rounds in a row in which nothing left"),
        sa.Column("n_sent", sa.Integer(), nullable=False),
        sa.Column("n_refused", sa.Integer(), nullable=False, comment="addresses that take no mail"),
        sa.Column("trouble", sa.String(length=400), nullable=False, comment="why the last try stopped"),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_wave_mailing_wave_id_wave"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_mailing")),
        sa.UniqueConstraint("wave_id", "kind", name=op.f("uq_wave_mailing_wave_id_kind")),
    )
    _guard()


def _guard() -> None:
    """Refuse to change what a launched wave means, whoever speaks to the database."""
    changed = " OR ".join(
        ["NEW.state = 'draft'", "NEW.launched_at IS NULL"]
        + [f"NEW.{name} <> OLD.{name}" for name in FIXED]
        + [f"NEW.{name} < OLD.{name}" for name in NEVER_LESS]
    )
    when = f"OLD.launched_at IS NOT NULL AND ({changed})"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION wave_settled() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SETTLED}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER wave_settled BEFORE UPDATE ON wave FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION wave_settled()"
        )
        return
    op.execute(
        f"CREATE TRIGGER wave_settled BEFORE UPDATE ON wave WHEN {when} BEGIN SELECT RAISE(ABORT, '{SETTLED}'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER wave_settled ON wave")
        op.execute("DROP FUNCTION wave_settled()")
    else:
        op.execute("DROP TRIGGER wave_settled")
    op.drop_table("wave_mailing")
    op.drop_table("wave_key")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("is_test")
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.drop_column("reply_to")
