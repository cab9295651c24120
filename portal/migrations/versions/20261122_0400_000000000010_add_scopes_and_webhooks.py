"""Add scopes of tokens, tokens of services, webhooks and their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000010"
down_revision = "000000000009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False, comment="its beginning, to tell tokens apart"),
        sa.Column("label", sa.String(length=80), nullable=False, comment="name of the program"),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="what it is good for"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="last day it works; none: until revoked"),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_service_token_created_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_service_token_token_hash")),
    )
    with op.batch_alter_table("service_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_token_created_by_id"), ["created_by_id"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False, comment="what it is for"),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column(
            "seed",
            sa.String(length=64),
            nullable=False,
            comment="the secret is made from it and the installation's key",
        ),
        sa.Column("old_seed", sa.String(length=64), nullable=True, comment="also signs until old_until"),
        sa.Column("old_until", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column(
            "cursor",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="everything up to this fact was looked at for good",
        ),
        sa.Column("failing_since", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "told_at", types.UTCDateTime(timezone=True), nullable=True, comment="when its owner heard that it fails"
        ),
        sa.Column(
            "switched_off_at", types.UTCDateTime(timezone=True), nullable=True, comment="by the portal, for failing"
        ),
        sa.Column(
            "busy_until", types.UTCDateTime(timezone=True), nullable=True, comment="somebody is sending until then"
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_webhook_owner_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False, comment="by which the other side knows it again"),
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="row of the ledger; none: a test",
        ),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("tried_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True, comment="what the other side answered last"),
        sa.Column("reason", sa.String(length=12), nullable=False, comment="why nothing came back (core.outgoing)"),
        sa.Column("answer", sa.Text(), nullable=False, comment="the beginning of what it answered last"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id_webhook"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_delivery_key")),
        sa.UniqueConstraint("webhook_id", "entry_id", name=op.f("uq_webhook_delivery_webhook_id_entry_id")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_delivery_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_webhook_delivery_line", ["webhook_id", "state", "id"], unique=False)

    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("scopes", sa.JSON(), nullable=False, server_default='["read"]', comment="what it is good for")
        )


def downgrade() -> None:
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_column("scopes")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
    op.drop_table("service_token")
