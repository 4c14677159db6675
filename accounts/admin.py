"""The back office of people and organisations."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm as UnfoldPasswordChangeForm

from accounts.models import Membership, Organisation, User
from accounts.services import update_organisation
from audit.services import record
from common.admin import ScopedModelAdmin, ScopedTabularInline, scopes

admin.site.unregister(Group)
if admin.site.is_registered(EmailAddress):
    admin.site.unregister(EmailAddress)

# Organisers pick people and organisations by search; what they see of either is the name alone.
scopes[User] = lambda rows, user: rows if user.is_staff else rows.none()
scopes[Organisation] = lambda rows, user: rows if user.is_staff else rows.none()
RIGHTS = ("is_active", "is_staff", "is_superuser")


class MembershipInline(ScopedTabularInline):
    """Who acts for the organisation."""

    model = Membership
    autocomplete_fields = ("user",)
    superusers_only = True


@admin.register(Organisation)
class OrganisationAdmin(ScopedModelAdmin):
    """Organisations that enter."""

    list_display = ("name", "industry", "city", "website")
    search_fields = ("name", "legal_name")
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """A change goes through the service, which logs what stood there before."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        said = {name: form.cleaned_data[name] for name in form.changed_data}
        if said:
            before = Organisation.objects.get(pk=obj.pk)
            update_organisation(before, by=request.user, **said)  # type: ignore[arg-type]


@admin.register(User)
class PersonAdmin(ScopedModelAdmin, UserAdmin[User]):  # type: ignore[misc]
    """People; organisers look names up, a superuser sees and changes the rest, and it is logged."""

    change_password_form = UnfoldPasswordChangeForm
    list_display = ("full_name", "email", "language", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("full_name", "email")
    ordering = ("full_name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "full_name", "language", "time_zone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "full_name", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if self.has_change_permission(request) else ("full_name",)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter if self.has_change_permission(request) else ()

    def get_search_fields(self, request: HttpRequest) -> Any:
        """A whole address finds its person; parts of one are not for guessing with."""
        if self.has_change_permission(request):
            return self.search_fields
        return ("full_name", "email__iexact")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("full_name", "language", "time_zone")}),)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        rights = {name: getattr(obj, name) for name in RIGHTS if name in form.changed_data}
        if rights:
            record("person.rights-changed", by=request.user, about=obj, data=rights)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and request.user.is_superuser
