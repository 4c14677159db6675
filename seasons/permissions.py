"""Who runs a season."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from seasons.models import Season


def can_organise(user: User | AnonymousUser, season: Season) -> bool:
    """Its programme's organisers and superusers."""
    return Season.objects.organised_by(user).filter(pk=season.pk).exists()
