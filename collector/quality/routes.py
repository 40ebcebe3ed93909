"""The pages of quality: what was noticed, volunteers beside each other, the rules."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.charts import Bar, Point, bars, line
from collector.errors import CollectorError
from collector.intake.rules import RULES, UNITS, settings_of
from collector.intake.words import FLAGS, in_words
from collector.languages import language
from collector.quality import frequency_routes
from collector.quality.filters import MOST, Filters
from collector.quality.inputs import RulesForm, TypedRules, read_rules
from collector.quality.operations import change_rules
from collector.quality.queries import (
    count_flags,
    find_questionnaire,
    list_questionnaires,
    list_rows,
    names_of,
    preview,
)
from collector.quality.volunteers import by_day, compare, sum_up, usual
from collector.questionnaires.queries import title_of
from collector.store import Questionnaire, User
from collector.store.session import reading, writing

bp = Blueprint("quality", __name__, url_prefix="/office")
frequency_routes.add_routes(bp)

#: Days in the chart of a volunteer, at most: the latest ones.
CHART_DAYS = 60


@bp.app_template_filter("tenths")
def tenths(number: float | None) -> str:
    """A number with at most one decimal, as the reader's language writes it; a dash where nothing can be said."""
    return "–" if number is None else format_decimal(round(number, 1))


def frame(questionnaire: Questionnaire) -> dict[str, Any]:
    """What every page of a questionnaire's quality shows around its own."""
    store = reading()
    return {
        "chosen": questionnaire,
        "titles": [(one.form_id, title_of(one.current_version, language())) for one in list_questionnaires(store)],
        "title": title_of(questionnaire.current_version, language()),
        "most": MOST,
    }


def flag_bars(questionnaire: Questionnaire, filters: Filters, counts: dict[str, int], number: int) -> list[Any]:
    """Each flag that occurs, most frequent first: words, count, percent, and the list of the responses that have it."""
    words = FLAGS | {code: rule.words for code, rule in RULES.items()}
    return [
        {
            "words": in_words(words, code),
            "count": count,
            "percent": 100 * count / number,
            "url": url_for(
                "review.responses",
                questionnaire=questionnaire.form_id,
                flag=code,
                author=filters.author or None,
                test="1" if questionnaire.is_testing else None,
            ),
        }
        for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


@bp.get("/quality")
@requires("responses.see")
def quality() -> str:
    """One questionnaire: how many responses break each rule, and volunteers beside each other."""
    store, scope = reading(), current_scope()
    questionnaire = find_questionnaire(store, request.args.get("questionnaire", ""))
    if questionnaire is None:
        return render_template("office/quality_empty.html")
    rows = list_rows(store, questionnaire, scope, Filters())
    flags = flag_bars(questionnaire, Filters(), count_flags(store, questionnaire, scope, Filters()), len(rows))
    compared = compare(rows)
    return render_template(
        "office/quality.html",
        **frame(questionnaire),
        number=len(rows),
        flagged=sum(row.flag_count > 0 for row in rows),
        flags=flags,
        chart=draw_flags(flags),
        compared=compared,
        names=names_of(store, (one.author_id for one in compared)),
        settings=settings_of(questionnaire.quality_rules),
    )


def draw_flags(flags: list[Any]) -> Any:
    """The shares of the flags as a chart."""
    rows = [Bar(flag["words"], flag["percent"], f"{tenths(flag['percent'])} %", "warning") for flag in flags]
    return bars(rows, title=_("Share of responses by what was noticed"), most=100)


@bp.get("/quality/volunteer/<user_id>")
@requires("responses.see")
def volunteer(user_id: str) -> str:
    """One volunteer: against the others, what was noticed, day by day. Without responses in the scope there is no such page."""
    store, scope = reading(), current_scope()
    questionnaire = find_questionnaire(store, request.args.get("questionnaire", ""))
    person = store.get(User, user_id)
    if questionnaire is None or person is None:
        raise CollectorError("not_found")
    filters = Filters(author=user_id)
    own = list_rows(store, questionnaire, scope, filters)
    if not own and not scope.is_whole:
        raise CollectorError("not_found")
    others: dict[str | None, list[Any]] = {}
    for row in list_rows(store, questionnaire, scope, Filters()):
        others.setdefault(row.author_id, []).append(row)
    figures = {author: sum_up(rows) for author, rows in others.items()}
    compared = next(
        (one for one in compare(row for rows in others.values() for row in rows) if one.author_id == user_id), None
    )
    days = by_day(own)
    points = [Point(f"{day:%m-%d}", figures_of.responses) for day, figures_of in reversed(days[:CHART_DAYS])]
    return render_template(
        "office/volunteer_quality.html",
        **frame(questionnaire),
        person=person,
        figures=sum_up(own),
        others=usual(figures, user_id),
        remarks=compared.remarks if compared else [],
        flags=flag_bars(questionnaire, filters, count_flags(store, questionnaire, scope, filters), len(own)),
        days=days,
        chart=line(points, title=_("Responses by day")) if len(points) > 1 else "",
    )


@bp.get("/quality/rules")
@requires("questionnaires.change")
def rules() -> str:
    """The rules of a questionnaire, each in words, with its limit, and how many responses it flags."""
    questionnaire = find_questionnaire(reading(), request.args.get("questionnaire", ""))
    if questionnaire is None:
        return render_template("office/quality_empty.html")
    settings = settings_of(questionnaire.quality_rules)
    texts = {setting.rule.code: str(setting.limit) for setting in settings}
    return show_rules(questionnaire, TypedRules(settings, texts, {}))


@bp.post("/quality/rules")
@requires("questionnaires.change")
def set_rules() -> str | tuple[str, int] | Answer:
    """Show what the typed rules would flag, or set them and flag by them what is there."""
    questionnaire = find_questionnaire(reading(), request.args.get("questionnaire", ""))
    if questionnaire is None or not RulesForm().validate_on_submit():
        raise CollectorError("request_malformed")
    typed = read_rules(request.form)
    if typed.faults:
        return show_rules(questionnaire, typed), 400
    if "preview" in request.form:
        return show_rules(questionnaire, typed, is_preview=True)
    form_id = questionnaire.form_id
    with writing() as store:
        changed = change_rules(store, form_id, typed, by=current_user.id)
    flash(
        _("The rules are saved, and responses are flagged by them.") if changed else _("Nothing was changed."),
        "success",
    )
    return redirect(url_for("quality.rules", questionnaire=form_id))


def show_rules(questionnaire: Questionnaire, typed: TypedRules, *, is_preview: bool = False) -> str:
    """The page of the rules with what was typed."""
    broken, number = preview(reading(), questionnaire, typed.settings)
    return render_template(
        "office/quality_rules.html",
        **frame(questionnaire),
        form=RulesForm(),
        typed=typed,
        rules=list(zip(typed.settings, broken, strict=True)),
        number=number,
        units=UNITS,
        is_preview=is_preview,
    )
