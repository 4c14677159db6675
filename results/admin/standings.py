"""Rules of an outcome, protocols of its standings, and the ranking of any table of marks."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from judging.scoring.table import TableError, parse, rank_table
from judging.scoring.tree import leaves_of
from judging.scoring.types import ScoringError
from nominations.models import Revision
from results.composition import tree_shown
from results.forms.console import ReasonForm
from results.forms.tables import MOST_RASCH, TableForm
from results.models import Method, Scale, Standing, against_standardised
from results.overview import NominationShown
from results.protocols import RELATED, download, file_name
from results.services.composing import leaf_names, rules_of
from results.services.locking import fix_rules, judging_began, latest_lock, unclear_rounds
from seasons.models import Season


class ResultPartFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The tree as a whole: each part lies under a group of the same outcome, without a circle."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        under = {row.get("slug"): row.get("under") or "" for row in kept}
        groups = {row.get("slug") for row in kept if not row.get("round")}
        for row in kept:
            if row.get("under") and row["under"] not in groups:
                raise forms.ValidationError(
                    _("“%(slug)s” lies under “%(under)s”, which is no group of this outcome.")
                    % {"slug": row.get("slug"), "under": row["under"]}
                )
            if row.get("round") and row.get("jury"):
                juries = row["round"].juries.all()
                if row["jury"] not in juries:
                    raise forms.ValidationError(
                        _("The jury of “%(slug)s” does not judge in its round.")
                        % {"slug": row.get("slug")}
                    )
        self.check_scales(kept)
        for slug, above in under.items():
            seen, at = {slug}, above
            while at:
                if at in seen:
                    raise forms.ValidationError(_("The parts go round in a circle."))
                seen.add(at)
                at = under.get(at, "")
        empty = groups - set(under.values())
        if empty:
            raise forms.ValidationError(
                _("Nothing lies under “%(slug)s”.") % {"slug": min(str(one) for one in empty)}
            )

    def check_scales(self, kept: list[dict[str, Any]]) -> None:
        """A standardised part goes with what the outcome says of points."""
        if any(row.get("scale") == Scale.STANDARDISED for row in kept):
            against = against_standardised(self.instance.least_score, self.instance.missing)
            if against:
                raise forms.ValidationError(against)


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: UserRequest, pk: int) -> HttpResponse:
    """The rules as a picture, what they were fixed as, and the form that fixes them."""
    from results.admin.outcomes import page, rule_for

    rule = rule_for(request, pk)
    content = rules_of(rule)
    sha256, lock = Revision.digest(content), latest_lock(rule)
    needs_reason = lock is not None and lock.sha256 != sha256 and judging_began(rule)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = needs_reason
    if request.method == "POST" and form.is_valid():
        try:
            fix_rules(rule, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("The rules are fixed."))
            return redirect("admin:results_outcomerule_rules", rule.pk)
    names = leaf_names(rule, content["tree"])
    return page(
        request,
        "rules",
        rule,
        _("Rules of this outcome"),
        tree=tree_shown(content["tree"], names),
        leaves=leaves_of(content["tree"]),
        sha256=sha256,
        lock=lock,
        locks=list(rule.locks.select_related("locked_by")),
        changed=lock is not None and lock.sha256 != sha256,
        needs_reason=needs_reason,
        unclear=unclear_rounds(rule),
        form=form,
    )


def open_standing(request: UserRequest, pk: int, number: int) -> tuple[Standing, NominationShown]:
    """The latest standing of a nomination, for who may see everything that it rests on."""
    from results.admin.outcomes import rule_for, shown_for

    rule = rule_for(request, pk)
    shown = shown_for(request, rule, number)
    if shown.standing is None or shown.standing.basis_id is None:
        raise Http404
    if not shown.open:
        raise PermissionDenied(_("A conflict of interest keeps this protocol from you."))
    standing = Standing.objects.select_related(*RELATED).get(pk=shown.standing.pk)
    return standing, shown


@policy(STAFF)
@require_safe
def protocol_json(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """The protocol as JSON, to be recomputed."""
    standing, _shown = open_standing(request, pk, number)
    return download(standing)


@policy(STAFF)
@require_safe
def protocol_pdf(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """The protocol to read and to sign, in the reader's language."""
    from results.protocol_pdf import as_pdf

    standing, shown = open_standing(request, pk, number)
    answer = HttpResponse(as_pdf(standing, shown), content_type="application/pdf")
    name = file_name(standing, "pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def ranked(form: TableForm) -> dict[str, Any]:
    """The ranking of the table that was sent; ScoringError where it cannot be had, or not here."""
    table, method = parse(form.text()), form.cleaned_data["method"]
    # The standard method goes over to the Rasch model where marks crowd at one end of the scale.
    if method in {Method.MFRM, Method.STANDARD} and table.marks.x.size > MOST_RASCH:
        words = _(
            "The Rasch model of more than %(n)d marks takes too long for a page: choose another "
            "method, or run the command rank_marks."
        )
        raise ScoringError(words % {"n": MOST_RASCH})
    return rank_table(table, method, form.cleaned_data["top"])


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def rank(request: UserRequest) -> HttpResponse:
    """Rank any table of marks; nothing of it is kept."""
    from django.contrib import admin

    if not Season.objects.organised_by(request.user).exists():
        raise PermissionDenied
    form = TableForm(request.POST or None, request.FILES or None)
    result: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            result = ranked(form)
        except TableError as error:
            form.add_error(
                "file",
                _("Line %(n)d: %(problem)s") % {"n": error.line, "problem": error.problem},
            )
        except ScoringError as error:
            form.add_error(None, str(error))
    as_json = (
        None
        if result is None
        else json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)
    )
    if as_json is not None and "download" in request.POST:
        answer = HttpResponse(as_json, content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="ranking.json"'
        return answer
    context = {
        **admin.site.each_context(request),
        "title": _("Rank a table of marks"),
        "form": form,
        "result": result,
    }
    return TemplateResponse(request, "admin/results/rank.html", context)
