"""Add runs of imports with their lines, what they left, and addresses that imported articles had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000008"
down_revision = "000000000007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_known",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("checksum", sa.String(length=80), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_import_known")),
    )
    with op.batch_alter_table("import_known", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_known_subject"), ["subject"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False, comment="of the file or folder, as it was brought"),
        sa.Column(
            "source",
            sa.String(length=1000),
            nullable=False,
            comment="where it is read from; ours when below the home folder",
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False, comment="what was chosen for it"),
        sa.Column("columns", sa.JSON(), nullable=False, comment="field by heading of the table"),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="empty: a command"),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("n_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False, comment="lines by outcome"),
        sa.Column("problem", sa.Text(), nullable=False, comment="why the whole file was refused"),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("beat_at", types.UTCDateTime(timezone=True), nullable=True, comment="when a batch was last settled"),
        sa.Column("finished_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undone_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_run_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_run_created_at"), ["created_at"], unique=False)
    op.create_table(
        "import_line",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=254), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False, comment="[line, what to know]"),
        sa.Column("n_notes", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True, comment="a Ref: what it became"),
        sa.Column("before", sa.JSON(), nullable=False, comment="how it was, and how it was left"),
        sa.Column("undone", sa.Text(), nullable=True, comment="empty: taken back; words: why it could not be"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_line_run_id_import_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "n", name=op.f("pk_import_line")),
    )
    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.create_index("ix_import_line_run_id_outcome", ["run_id", "outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_line_subject"), ["subject"], unique=False)
    op.create_table(
        "old_address",
        sa.Column("path", sa.String(length=300), nullable=False, comment="lower case, without a last slash"),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_old_address_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_old_address")),
    )
    with op.batch_alter_table("old_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_old_address_article_id"), ["article_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("old_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_old_address_article_id"))
    op.drop_table("old_address")
    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_line_subject"))
        batch_op.drop_index("ix_import_line_run_id_outcome")
    op.drop_table("import_line")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_created_at"))
        batch_op.drop_index(batch_op.f("ix_import_run_by_id"))
    op.drop_table("import_run")
    with op.batch_alter_table("import_known", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_known_subject"))
    op.drop_table("import_known")
