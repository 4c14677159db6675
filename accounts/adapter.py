"""Lets allauth's mails go through the outbox, like every other mail."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import get_language

from accounts.models import User
from outbox.services import post

# allauth's templates, and what the portal calls the same mail
KINDS = {
    "account/email/email_confirmation_signup": "account-confirm",
    "account/email/email_confirmation": "account-confirm",
    "account/email/password_reset_key": "account-password-reset",
    "account/email/unknown_account": "account-unknown",
    "account/email/account_already_exists": "account-exists",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in mails in the person's language, kept and retried by the outbox."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind = KINDS.get(template_prefix, "account-notice")
        link = context.get("activate_url") or context.get("password_reset_url") or ""
        user = context.get("user")
        post(
            kind,
            effect_key=f"{kind}:{uuid4()}",
            to=user if isinstance(user, User) and user.email == email else email,
            language=get_language() or "en",
            context={"link": link or context.get("signup_url", ""), "email": email},
        )
