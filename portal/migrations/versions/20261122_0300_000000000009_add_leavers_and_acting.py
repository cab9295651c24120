"""Add merged and erased people, acting for somebody, growth, and the one door by which facts are made nameless.

The guards of the ledger are made anew: they step aside while `ledger_opening` holds a row, which it does only inside
the transaction of `ledger.services.redact`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000009"
down_revision = "000000000008"
branch_labels = None
depends_on = None

APPEND_ONLY = "what has happened cannot be changed"
NOT_OPEN = "NOT EXISTS (SELECT 1 FROM ledger_opening)"
HAS_HELPER = sa.text("acted_by_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "merged_into_id", sa.Integer(), nullable=True, comment="the account that goes on in place of this one"
            )
        )
        batch_op.add_column(
            sa.Column(
                "erased_at",
                types.UTCDateTime(timezone=True),
                nullable=True,
                comment="since when nothing here tells who it was",
            )
        )
        batch_op.create_index(batch_op.f("ix_person_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_person_merged_into_id_person"), "person", ["merged_into_id"], ["id"])
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "acted_by_id",
                sa.Integer(),
                nullable=True,
                comment="the administrator who acts for the person in it",
            )
        )
        batch_op.add_column(
            sa.Column("own_session_id", sa.Integer(), nullable=True, comment="theirs, to which the browser goes back")
        )
        batch_op.add_column(
            sa.Column(
                "acting_reason",
                sa.String(length=300),
                nullable=False,
                server_default="",
                comment="why, in their own words",
            )
        )
        batch_op.create_index(batch_op.f("ix_sign_in_session_acted_by_id"), ["acted_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_in_session_acted_by_id_person"), "person", ["acted_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_in_session_own_session_id_sign_in_session"),
            "sign_in_session",
            ["own_session_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False, comment="counts by what it was; never a name"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_erasure_asked_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_person_id"), "erasure", ["person_id"])
    op.create_table(
        "storage_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False, comment="bytes by part"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_storage_day")),
    )
    op.create_table(
        "ledger_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_opening")),
    )
    # Not by a batch, which would write the table anew without its guards.
    op.add_column(
        "ledger_entry",
        sa.Column("acted_by_id", sa.Integer(), nullable=True, comment="the administrator who acted for the actor"),
    )
    op.create_index(
        "ix_ledger_entry_acted_by_id",
        "ledger_entry",
        ["acted_by_id"],
        sqlite_where=HAS_HELPER,
        postgresql_where=HAS_HELPER,
    )
    _guard("RETURN COALESCE(NEW, OLD)", f"WHEN {NOT_OPEN} ")


def _guard(otherwise: str, condition: str) -> None:
    """Make the guards of the ledger anew: with a condition, and what PostgreSQL does where it does not hold."""
    refusal = f"RAISE EXCEPTION '{APPEND_ONLY}'"
    if op.get_bind().dialect.name == "postgresql":
        body = f"IF {NOT_OPEN} THEN {refusal}; END IF; {otherwise};" if condition else f"{refusal};"
        op.execute(
            "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} END $$"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER ledger_append_only_{verb.lower()}")
        op.execute(
            f"CREATE TRIGGER ledger_append_only_{verb.lower()} BEFORE {verb} ON ledger_entry {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        )


def downgrade() -> None:
    _guard("", "")
    op.drop_index("ix_ledger_entry_acted_by_id", "ledger_entry")
    op.drop_column("ledger_entry", "acted_by_id")
    op.drop_table("ledger_opening")
    op.drop_table("storage_day")
    op.drop_table("erasure")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_sign_in_session_own_session_id_sign_in_session"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_sign_in_session_acted_by_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_sign_in_session_acted_by_id"))
        batch_op.drop_column("acting_reason")
        batch_op.drop_column("own_session_id")
        batch_op.drop_column("acted_by_id")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_merged_into_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_merged_into_id"))
        batch_op.drop_column("erased_at")
        batch_op.drop_column("merged_into_id")
