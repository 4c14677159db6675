"""Coming into a season by a code, and recommending somebody for it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public
from nominations.channels import takes_recommendations
from nominations.clock import entry_window
from nominations.errors import Closed
from nominations.forms import RecommendationForm
from nominations.models import Recommendation
from nominations.services.codes import clean_code
from nominations.services.recommendations import MOST_RECOMMENDED, is_own, recommend
from nominations.views.public import season_or_404
from seasons.models import Season

LONGEST_CODE = 60


def session_key(season: Season) -> str:
    """Where a visitor's code waits until they have signed in."""
    return f"entry-code:{season.pk}"


def remembered_code(request: HttpRequest, season: Season) -> str:
    """The code that a link brought along in this browser."""
    return str(request.session.get(session_key(season), ""))


def forget_code(request: HttpRequest, season: Season) -> None:
    """The code was used; the next page need not bring it up again."""
    request.session.pop(session_key(season), None)


@public
@require_safe
def join(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Where a mailed link or a poster leads: the code is kept, also through signing in."""
    season = season_or_404(request, slug)
    request.session[session_key(season)] = clean_code(code)[:LONGEST_CODE]
    enter_url = reverse("nominations:enter", args=[season.slug])
    if request.user.is_authenticated:
        return redirect(enter_url)
    next_page = urlencode({"next": enter_url})
    context = {
        "season": season,
        "window": entry_window(season),
        "sign_in": f"{reverse('account_login')}?{next_page}",
        "sign_up": f"{reverse('account_signup')}?{next_page}",
        "title": _("You are welcome to enter"),
    }
    return render(request, "nominations/join.html", context)


@policy(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def recommendations(request: UserRequest, slug: str) -> HttpResponse:
    """Recommend somebody; below, what came of one's earlier recommendations."""
    season = season_or_404(request, slug)
    form = RecommendationForm(request.POST if request.method == "POST" else None)
    form.fields["key"].initial = uuid4()
    closed: Closed | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = recommend(season, by=request.user, **form.cleaned_data)
        except Closed as error:
            closed = error
        except DomainError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, thanks(made))
            return redirect("nominations:recommend", season.slug)
    own = Recommendation.objects.filter(season=season, recommended_by=request.user)
    window = entry_window(season)
    context = {
        "season": season,
        "form": form,
        "closed": closed,
        "window": window,
        "open": takes_recommendations(season),
        "own": list(own),
        "left": max(0, MOST_RECOMMENDED - own.count()),
        "title": _("Recommend somebody"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "nominations/recommend.html", context, status=status)


def thanks(made: Recommendation) -> str:
    """What the recommender reads, also that the organisers see whose organisation it is."""
    if is_own(made):
        return _(
            "Thank you. The organisers decide, and you get a mail. "
            "They see that you recommend an organisation of your own."
        )
    return _("Thank you. The organisers decide, and you get a mail.")
