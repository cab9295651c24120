"""Add web logs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000025"
down_revision = "000000000024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weblog",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "path",
            sa.String(length=400),
            nullable=False,
            comment="file, folder or pattern on this machine; empty: files are brought by hand",
        ),
        sa.Column("pace", sa.String(length=16), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False, comment="hosts of the portal in this log"),
        sa.Column("below", sa.String(length=200), nullable=False, comment="path below which the portal lies in it"),
        sa.Column("is_common", sa.Boolean(), nullable=False, comment="lines end before referrer and agent"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="one more with every reading, so that two never mix"
        ),
        sa.Column(
            "salt",
            sa.LargeBinary(),
            nullable=True,
            comment="of addresses while a log is being brought; gone after 48 hours",
        ),
        sa.Column("salted_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("read_at", types.UTCDateTime(timezone=True), nullable=True, comment="when it was last looked at"),
        sa.Column("trouble", sa.String(length=400), nullable=False, comment="why the last look failed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weblog")),
        sa.UniqueConstraint("name", name=op.f("uq_weblog_name")),
    )
    op.create_table(
        "weblog_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weblog_id", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["weblog_id"], ["weblog.id"], name=op.f("fk_weblog_addresses_weblog_id_weblog"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weblog_addresses")),
    )
    with op.batch_alter_table("weblog_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weblog_addresses_weblog_id"), ["weblog_id"], unique=False)

    op.create_table(
        "weblog_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weblog_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False, comment="of the file, without its folder"),
        sa.Column("began_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("n_read", sa.Integer(), nullable=False),
        sa.Column("n_parsed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False, comment="lines by reason"),
        sa.Column("examples", sa.JSON(), nullable=False, comment="first refused: line, why"),
        sa.Column("classes", sa.JSON(), nullable=False, comment="hits by why they are no page view"),
        sa.Column("n_sessions", sa.Integer(), nullable=False, comment="that are new by it; joined ones count less"),
        sa.Column("n_visits", sa.Integer(), nullable=False),
        sa.Column("n_addresses", sa.Integer(), nullable=False, comment="not met in this log while its salt lived"),
        sa.Column("detector", sa.String(length=80), nullable=False, comment="list of robots, with its version"),
        sa.Column("is_broken", sa.Boolean(), nullable=False, comment="the file broke off"),
        sa.ForeignKeyConstraint(
            ["weblog_id"], ["weblog.id"], name=op.f("fk_weblog_batch_weblog_id_weblog"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weblog_batch")),
    )
    with op.batch_alter_table("weblog_batch", schema=None) as batch_op:
        batch_op.create_index("ix_weblog_batch_weblog_id_id", ["weblog_id", "id"], unique=False)

    op.create_table(
        "weblog_day",
        sa.Column("weblog_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in UTC"),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("robots", sa.Integer(), nullable=False),
        sa.Column("bad_requests", sa.Integer(), nullable=False),
        sa.Column("other_methods", sa.Integer(), nullable=False),
        sa.Column("other_statuses", sa.Integer(), nullable=False),
        sa.Column("static", sa.Integer(), nullable=False),
        sa.Column("four_words", sa.Integer(), nullable=False, comment="hits four plain words would call robots"),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=False, comment="with a page view"),
        sa.Column("everyone", sa.Integer(), nullable=False, comment="robots too"),
        sa.Column("robot_errors", sa.Integer(), nullable=False),
        sa.Column("client_errors", sa.Integer(), nullable=False, comment="answers 4xx to people"),
        sa.Column("server_errors", sa.Integer(), nullable=False, comment="answers 5xx to people"),
        sa.Column("salt", sa.LargeBinary(), nullable=True, comment="of the keys; gone after 48 hours"),
        sa.Column("visitors_kept", sa.LargeBinary(), nullable=True, comment="keys and stretches; gone with the salt"),
        sa.Column("touched_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["weblog_id"], ["weblog.id"], name=op.f("fk_weblog_day_weblog_id_weblog"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("weblog_id", "day", name=op.f("pk_weblog_day")),
    )
    with op.batch_alter_table("weblog_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weblog_day_touched_at"), ["touched_at"], unique=False)

    op.create_table(
        "weblog_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weblog_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False, comment="bytes the fingerprint is of"),
        sa.Column("offset", sa.BigInteger(), nullable=False, comment="in the unpacked file"),
        sa.Column("n_lines", sa.BigInteger(), nullable=False, comment="before the offset"),
        sa.Column("name", sa.String(length=400), nullable=False, comment="under which it was last seen"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="as it lay there when it was last read to its end"),
        sa.Column(
            "changed_ns", sa.BigInteger(), nullable=False, comment="its time of change then; the same: nothing new"
        ),
        sa.ForeignKeyConstraint(
            ["weblog_id"], ["weblog.id"], name=op.f("fk_weblog_file_weblog_id_weblog"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weblog_file")),
        sa.UniqueConstraint("weblog_id", "fingerprint", name=op.f("uq_weblog_file_weblog_id_fingerprint")),
    )
    op.create_table(
        "weblog_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weblog_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=16), nullable=False, comment="status of an error; what was opened"),
        sa.Column("name", sa.String(length=600), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["weblog_id"], ["weblog.id"], name=op.f("fk_weblog_row_weblog_id_weblog"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weblog_row")),
        sa.UniqueConstraint(
            "weblog_id", "day", "kind", "note", "name", name=op.f("uq_weblog_row_weblog_id_day_kind_note_name")
        ),
    )


def downgrade() -> None:
    op.drop_table("weblog_row")
    op.drop_table("weblog_file")
    with op.batch_alter_table("weblog_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weblog_day_touched_at"))

    op.drop_table("weblog_day")
    with op.batch_alter_table("weblog_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_weblog_batch_weblog_id_id")

    op.drop_table("weblog_batch")
    with op.batch_alter_table("weblog_addresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weblog_addresses_weblog_id"))

    op.drop_table("weblog_addresses")
    op.drop_table("weblog")
