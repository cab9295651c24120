"""Add tickets and the desk that works them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000016"
down_revision = "000000000015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column(
            "week",
            sa.JSON(),
            nullable=False,
            comment='seven days from Monday, each a list of spans: [["09:00", "17:00"]]',
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_hours")),
        sa.UniqueConstraint("name", name=op.f("uq_business_hours_name")),
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["business_hours.id"], name=op.f("fk_holiday_hours_id_business_hours"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("hours_id", "on", name=op.f("uq_holiday_hours_id_on")),
    )
    op.create_table(
        "queue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "summary", sa.String(length=300), nullable=False, comment="what this team helps with, for requesters"
        ),
        sa.Column("email", sa.String(length=254), nullable=False, comment="mail to this address opens tickets here"),
        sa.Column("hours_id", sa.Integer(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hours_id"], ["business_hours.id"], name=op.f("fk_queue_hours_id_business_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
        sa.UniqueConstraint("slug", name=op.f("uq_queue_slug")),
    )
    op.create_table(
        "out_of_office",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=True, comment="none: back to the queue"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_out_of_office_person_id_person")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_out_of_office_stand_in_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_out_of_office")),
    )
    op.create_table(
        "queue_member",
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_queue_member_person_id_person")),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queue.id"], name=op.f("fk_queue_member_queue_id_queue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("queue_id", "person_id", name=op.f("pk_queue_member")),
    )
    with op.batch_alter_table("queue_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "request_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("icon", sa.String(length=32), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("queue_id", sa.Integer(), nullable=True),
        sa.Column(
            "fields",
            sa.JSON(),
            nullable=False,
            comment="name, label, kind (line, text, choice, date, person), options, is_required, hint",
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_request_template_category_id_category")
        ),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_request_template_queue_id_queue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_template")),
        sa.UniqueConstraint("slug", name=op.f("uq_request_template_slug")),
    )
    op.create_table(
        "service_level",
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("first_response_minutes", sa.Integer(), nullable=True),
        sa.Column("resolution_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queue.id"], name=op.f("fk_service_level_queue_id_queue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("queue_id", "priority", name=op.f("pk_service_level")),
    )
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="none: everybody's"),
        sa.Column("article_id", sa.Integer(), nullable=True, comment="linked when the reply is used"),
        sa.Column("n_used", sa.Integer(), nullable=False),
        sa.Column("changed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_saved_reply_article_id_article")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_reply_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    with op.batch_alter_table("saved_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_reply_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column(
            "sender_email",
            sa.String(length=254),
            nullable=False,
            comment="who mailed, while nobody we know; else empty",
        ),
        sa.Column("opened_by_id", sa.Integer(), nullable=True, comment="the agent who logged it"),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column(
            "external_id", sa.String(length=64), nullable=True, comment="its number in the file it was imported from"
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("given", sa.JSON(), nullable=False, comment="answers to the template's fields"),
        sa.Column("opened_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("first_response_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("first_response_due_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "resolution_due_at",
            types.UTCDateTime(timezone=True),
            nullable=True,
            comment="moved on by every pause; empty while waiting or where nothing is promised",
        ),
        sa.Column(
            "is_warned", sa.Boolean(), nullable=False, comment="its people were told that a promise is about to break"
        ),
        sa.Column("resolved_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("reopened_n", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True, comment="the incident it is one report of"),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("split_from_id", sa.Integer(), nullable=True),
        sa.Column(
            "incident",
            sa.String(length=64),
            nullable=True,
            comment="a Ref: the known incident it belongs to, incident:3",
        ),
        sa.Column("knowledge", sa.String(length=16), nullable=True, comment="none while resolved: knowledge debt"),
        sa.Column("knowledge_reason", sa.String(length=300), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True, comment="1 to 5, by the requester"),
        sa.Column("rating_comment", sa.Text(), nullable=False),
        sa.Column("rated_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "is_private_title",
            sa.Boolean(),
            nullable=False,
            comment="its words are never shown outside its people, only counted",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="raised by every change; an older one is a collision"
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_ticket_assignee_id_person")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_ticket_category_id_category")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["ticket.id"], name=op.f("fk_ticket_merged_into_id_ticket")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_ticket_opened_by_id_person")),
        sa.ForeignKeyConstraint(["parent_id"], ["ticket.id"], name=op.f("fk_ticket_parent_id_ticket")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_ticket_queue_id_queue")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_ticket_requester_id_person")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name=op.f("fk_ticket_resolved_by_id_person")),
        sa.ForeignKeyConstraint(["split_from_id"], ["ticket.id"], name=op.f("fk_ticket_split_from_id_ticket")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["request_template.id"], name=op.f("fk_ticket_template_id_request_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_ticket_source_external_id")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_assignee_id_status", ["assignee_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_incident"), ["incident"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_knowledge"), ["knowledge"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "ix_ticket_queue_id_status_updated_at", ["queue_id", "status", "updated_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ticket_requester_id"), ["requester_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_resolved_at"), ["resolved_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_split_from_id"), ["split_from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_status"), ["status"], unique=False)

    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("trail", sa.JSON(), nullable=False),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("solved_by", sa.String(length=64), nullable=True, comment="a Ref: what made the ticket unnecessary"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hand_over_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_hand_over_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_started_at"), ["started_at"], unique=False)

    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=64),
            nullable=False,
            comment="hash of the Message-ID, or of the whole mail where it has none",
        ),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("received_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "stored_name",
            sa.String(length=64),
            nullable=True,
            comment="the raw mail below mail/in/, until it is dealt with and some days longer",
        ),
        sa.Column(
            "outcome",
            sa.String(length=16),
            nullable=False,
            comment="new, ticket, reply, bounce, automatic, triage, refused, failed",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True, comment="who sorted it by hand"),
        sa.ForeignKeyConstraint(["handled_by_id"], ["person.id"], name=op.f("fk_incoming_mail_handled_by_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_incoming_mail_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_mail_key")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_mail_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_sender"), ["sender"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: article:12, draft:3, question:4"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ticket_article_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_article_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_article")),
        sa.UniqueConstraint("ticket_id", "subject", "kind", name=op.f("uq_ticket_article_ticket_id_subject_kind")),
    )
    with op.batch_alter_table("ticket_article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_article_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_article_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("sender_email", sa.String(length=254), nullable=False, comment="of somebody without an account"),
        sa.Column("is_by_desk", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False, comment="rendered and sanitised when saved"),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("via", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False, comment="of the mail it came or went by"),
        sa.Column("bounced_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("bounce", sa.String(length=300), nullable=False, comment="what the other mail server said"),
        sa.Column("split_from_id", sa.Integer(), nullable=True, comment="where it stood before"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_ticket_message_author_id_person")),
        sa.ForeignKeyConstraint(["split_from_id"], ["ticket.id"], name=op.f("fk_ticket_message_split_from_id_ticket")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_message_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_message")),
    )
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_message_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_message_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_ticket_message_ticket_id_at", ["ticket_id", "at"], unique=False)

    op.create_table(
        "ticket_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_pause_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_pause")),
    )
    with op.batch_alter_table("ticket_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_pause_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_person",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_ticket_person_added_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ticket_person_person_id_person")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_person_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_ticket_person")),
    )
    with op.batch_alter_table("ticket_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ticket_presence",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("is_writing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ticket_presence_person_id_person")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_presence_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_ticket_presence")),
    )
    op.create_table(
        "ticket_trail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "text",
            sa.String(length=300),
            nullable=False,
            comment="words searched, title read, step ticked, as they were",
        ),
        sa.Column("subject", sa.String(length=64), nullable=True, comment="a Ref: article:12"),
        sa.Column("n_results", sa.Integer(), nullable=True, comment="of a search"),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_trail_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_trail")),
    )
    with op.batch_alter_table("ticket_trail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_trail_subject"), ["subject"], unique=False)
        batch_op.create_index("ix_ticket_trail_ticket_id_position", ["ticket_id", "position"], unique=False)


def downgrade() -> None:
    op.drop_table("ticket_trail")
    op.drop_table("ticket_presence")
    op.drop_table("ticket_person")
    op.drop_table("ticket_pause")
    op.drop_table("ticket_message")
    op.drop_table("ticket_article")
    op.drop_table("incoming_mail")
    op.drop_table("hand_over")
    op.drop_table("ticket")
    op.drop_table("saved_reply")
    op.drop_table("service_level")
    op.drop_table("request_template")
    op.drop_table("queue_member")
    op.drop_table("out_of_office")
    op.drop_table("queue")
    op.drop_table("holiday")
    op.drop_table("business_hours")
