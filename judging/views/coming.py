"""Coming onto a jury: the link of an invitation, registering, the own profile and portrait."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.services.invitations import Gone, find_invitation
from accounts.views.joining import Offer, answer, gone
from common.errors import DomainError
from common.http import UserRequest
from common.policy import SIGNED_IN, policy, public
from common.uploads import MEGABYTE, PICTURES, check_upload
from judging.forms.coming import DeclineForm, ProfileForm, RegistrationForm
from judging.models import Admission, Judge, Jury, JuryInvitation, JuryKind, Registration
from judging.services.inviting import accept_jury_invitation, decline_jury_invitation
from judging.services.profiles import update_profile
from judging.services.registering import register_for_jury, takes_registrations
from seasons.models import Season


@public
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of an invitation to a jury leads to."""
    rows = JuryInvitation.objects.select_related("jury__season", "invited_by")
    found = find_invitation(rows, token, request.user)
    return answer(request, offer_of(found, token) if found else None)


def offer_of(found: JuryInvitation, token: str) -> Offer:
    """The invitation in words."""
    role = _("chair of the jury") if found.chair else _("member of the jury")
    return Offer(
        invitation=found,
        about=found.jury,
        title=_("Judge %(name)s") % {"name": found.jury.season.name},
        facts=[
            (_("Season"), str(found.jury.season.name)),
            (_("Jury"), str(found.jury.name)),
            (_("As"), role),
            (_("Invited by"), str(found.invited_by)),
        ],
        accept=lambda user, meant: accept_jury_invitation(token, by=user, other_address=meant),
        leads_to=reverse("judging:own_profile", args=[found.jury.season.slug]),
        welcome=_("Welcome to the jury! Please say who you are."),
        text=found.text,
        decline_url=reverse("judging:invitation_decline", args=[token]),
    )


@public
@require_POST
def invitation_decline(request: HttpRequest, token: str) -> HttpResponse:
    """Say no; no account is needed."""
    form = DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    by = request.user if isinstance(request.user, User) else None
    try:
        decline_jury_invitation(token, reason=reason, by=by)
    except Gone:
        return gone(request)
    messages.success(request, _("Thank you for telling us. The organisers know."))
    return redirect("seasons:home")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str, jury_slug: str) -> HttpResponse:
    """Why a public jury is there and its rules; whoever is signed in registers here."""
    season = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    juries = Jury.objects.filter(season=season, kind=JuryKind.PUBLIC).exclude(
        admission=Admission.INVITED
    )
    jury = get_object_or_404(juries.select_related("season"), slug=jury_slug)
    user = request.user if isinstance(request.user, User) else None
    form = RegistrationForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if user is None:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        if registered(request, jury, user, form):
            return redirect(request.path)
        status = 422
    there = urlencode({"next": request.path})
    context = {
        "season": season,
        "jury": jury,
        "form": form,
        "open": takes_registrations(jury),
        "registration": Registration.objects.filter(jury=jury, user=user).first() if user else None,
        "seat": Judge.objects.filter(jury=jury, user=user).first() if user else None,
        "rounds": jury.rounds.select_related("stage", "season").prefetch_related(
            "stage__extensions"
        ),
        "login_url": f"{reverse('account_login')}?{there}",
        "signup_url": f"{reverse('account_signup')}?{there}",
    }
    return render(request, "judging/register.html", context, status=status)


def registered(request: HttpRequest, jury: Jury, user: User, form: RegistrationForm) -> bool:
    """Register; whoever takes the bait is thanked and not kept."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    if said["website"]:
        messages.success(request, _("Thank you! You are registered."))
        return True
    try:
        register_for_jury(
            jury, by=user, profile=said["profile"], employer=said["employer"], about=said["about"]
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Thank you! You are registered."))
    return True


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def own_profile(request: UserRequest, slug: str) -> HttpResponse:
    """A judge says who they are, once for every seat; the form starts from the seat that is listed."""
    seats = Judge.objects.active().filter(user=request.user, jury__season__slug=slug)
    own = list(seats.select_related("jury__season", "user").order_by("-listed", "pk"))
    if not own:
        raise Http404
    judge, *others = own
    form = ProfileForm(request.POST or None, request.FILES or None, instance=judge, others=others)
    if request.method == "POST" and form.is_valid() and saved(request, judge, form):
        messages.success(request, _("Your profile is saved."))
        return redirect("judging:own_profile", slug)
    shown = seats.select_related("jury__season", "user").get(pk=judge.pk)
    juries = [shown.jury, *[seat.jury for seat in others]]
    context = {"season": judge.jury.season, "judge": shown, "form": form, "juries": juries}
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/own_profile.html", context, status=status)


def saved(request: UserRequest, judge: Judge, form: ProfileForm) -> bool:
    """Look into the photo and keep everything; what is wrong with it stands at its field."""
    said = form.cleaned_data
    sent = said["photo"]
    try:
        photo = None
        if isinstance(sent, UploadedFile):
            photo = check_upload(sent, endings=tuple(PICTURES), max_bytes=5 * MEGABYTE)
        update_profile(
            judge,
            by=request.user,
            said=said,
            photo=photo,
            without_photo=bool(said.get("without_photo")),
        )
    except DomainError as error:
        form.add_error("photo" if error.field == "file" else None, str(error))
        return False
    return True


@public
@require_safe
def portrait(request: HttpRequest, pk: int) -> FileResponse:
    """A judge's photo: of those on the public list, and one's own."""
    user = request.user if isinstance(request.user, User) else None
    seasons = Season.objects.visible_to(request.user).values("pk")
    shown = Q(listed=True, jury__season__in=seasons)
    if user is not None:
        shown |= Q(user=user)
    judge = get_object_or_404(Judge.objects.active().filter(shown).exclude(photo=""), pk=pk)
    response = FileResponse(judge.photo.open("rb"), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=300"
    return response
