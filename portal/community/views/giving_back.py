"""Making an article of a question that is solved."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from portal.community import giving_back, questions
from portal.community.models import Question
from portal.community.views.blueprint import questions_bp as bp
from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.forms import Form
from portal.kb.models import Category, Draft
from portal.kb.reading import services as kb


class ArticleForm(Form):
    """Where the new article belongs."""

    category_id = SelectField(_l("Topic"), [Optional()], coerce=int)

    def offer(self, topics: list[Category]) -> ArticleForm:
        self.category_id.choices = [SelectChoice(topic.id, topic.title) for topic in topics]
        return self


def _solved(question_id: int) -> Question:
    who = actors.current()
    found = questions.get(who, question_id)
    if not giving_back.can_give_back(who, found):
        raise Forbidden(_("Who writes in this topic makes an article of it, once an answer is accepted."))
    return found


@bp.get("/<int:question_id>/article")
def choose_article(question_id: int) -> str:
    """A new article, or one that is to say it."""
    question = _solved(question_id)
    form = ArticleForm(formdata=None)
    form.category_id.data = question.category_id
    return _page(question, form)


def _page(question: Question, form: ArticleForm) -> str:
    who = actors.current()
    form.offer(giving_back.topics(who, question))
    found = giving_back.to_improve(who, question)
    return render_template("community/article.html", question=question, form=form, found=found)


@bp.post("/<int:question_id>/article")
def make_article(question_id: int) -> ResponseReturnValue:
    """Begin the article, or open the one that is to say it."""
    who = actors.current()
    question, form = _solved(question_id), ArticleForm()
    form.offer(giving_back.topics(who, question))
    try:
        if form.validate_on_submit():
            draft = _draft(question, form)
            where = url_for("editing.edit", draft_id=draft.id)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            flash(_("Begun from what solved it. Who asked and who answered hear when it is published."), "success")
            return redirect(where, 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(_solved(question_id), form), 422


def _draft(question: Question, form: ArticleForm) -> Draft:
    who = actors.current()
    if slug := request.form.get("article", ""):
        return giving_back.improve(who, question, kb.get(who, slug[:120]))
    topic = db.session.get(Category, form.category_id.data or 0)
    if topic is None:
        raise Invalid(_("Choose a topic from the list."), field="category_id")
    return giving_back.begin(who, question, topic)
