"""Add questions, answers, tips, votes and flags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000015"
down_revision = "000000000014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: question:12, answer:3, tip:4"),
        sa.Column("version", sa.Integer(), nullable=False, comment="the version that this text was"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="who wrote this text"),
        sa.Column("replaced_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_earlier_text_person_id_person")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["person.id"], name=op.f("fk_earlier_text_replaced_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_text")),
        sa.UniqueConstraint("subject", "version", name=op.f("uq_earlier_text_subject_version")),
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.String(length=16),
            nullable=False,
            comment="wrong, out_of_date, rude, private, duplicate, other",
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False, comment="removed, edited, kept"),
        sa.Column("reply", sa.Text(), nullable=False, comment="what the person who flagged was told"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_flag_closed_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_flag_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("subject", "person_id", name=op.f("uq_flag_subject_person_id")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index("ix_flag_open", ["closed_at", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_flag_person_id"), ["person_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: answer:3"),
        sa.Column("voice", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person")),
        sa.PrimaryKeyConstraint("subject", "voice", "person_id", name=op.f("pk_vote")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_person_id"), ["person_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False, comment="rendered and sanitised when saved"),
        sa.Column(
            "asker_id", sa.Integer(), nullable=True, comment="none: it came from elsewhere without a name we know"
        ),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("access_key", sa.String(length=200), nullable=False, comment="the topic's, kept in step with it"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("accepted_answer_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_activity_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("first_answer_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "reminded_n", sa.Integer(), nullable=False, comment="how often somebody was reminded that nobody answered"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by every edit; an older one is a collision"),
        sa.Column("n_answers", sa.Integer(), nullable=False),
        sa.Column("n_votes", sa.Integer(), nullable=False),
        sa.Column("n_same", sa.Integer(), nullable=False, comment="how many said: same problem here"),
        sa.Column("origin", sa.String(length=16), nullable=False, comment="portal or import"),
        sa.Column("external_id", sa.String(length=64), nullable=True, comment="its name where it came from"),
        sa.Column("article_id", sa.Integer(), nullable=True, comment="the article that was made of it"),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_answer_id"], ["answer.id"], name="fk_question_accepted_answer_id_answer", use_alter=True
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_question_article_id_article")),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_question_asker_id_person")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_question_category_id_category")),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["question.id"], name=op.f("fk_question_duplicate_of_id_question")
        ),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_question_removed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("origin", "external_id", name=op.f("uq_question_origin_external_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_access_key"), ["access_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index("ix_question_state_last_activity_at", ["state", "last_activity_at"], unique=False)

    op.create_table(
        "tip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("access_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("n_thanks", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_tip_article_id_article")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_tip_author_id_person")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_tip_category_id_category")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_tip_removed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip")),
    )
    with op.batch_alter_table("tip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tip_access_key"), ["access_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_tip_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tip_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tip_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tip_created_at"), ["created_at"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("n_votes", sa.Integer(), nullable=False),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_answer_author_id_person")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id_question")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_answer_removed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_answer_question_id_created_at", ["question_id", "created_at"], unique=False)

    op.create_table(
        "question_invitation",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True, comment="none: a reminder of the portal"),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("declined_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_question_invitation_invited_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_invitation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_invitation_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_question_invitation")),
    )
    with op.batch_alter_table("question_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "question_tag",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_tag_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_question_tag")),
    )
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "tip_tag",
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_tip_tag_tip_id_tip"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tip_id", "tag", name=op.f("pk_tip_tag")),
    )
    with op.batch_alter_table("tip_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tip_tag_tag"), ["tag"], unique=False)
    if op.get_bind().dialect.name == "postgresql":  # SQLite has it from the beginning: it may name a table to come
        op.create_foreign_key(
            "fk_question_accepted_answer_id_answer", "question", "answer", ["accepted_answer_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_question_accepted_answer_id_answer", "question", type_="foreignkey")
    op.drop_table("tip_tag")
    op.drop_table("question_tag")
    op.drop_table("question_invitation")
    op.drop_table("answer")
    op.drop_table("tip")
    op.drop_table("question")
    op.drop_table("vote")
    op.drop_table("flag")
    op.drop_table("earlier_text")
