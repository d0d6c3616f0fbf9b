"""Papers of the rows of accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.utils import timezone

from estran.web import papers
from estran.web.accounts.models import KeySlot, Person, SignIn, Vault


def _sessions(person: Person) -> list[Session]:
    live = Session.objects.filter(expire_date__gte=timezone.now())
    return [s for s in live.iterator() if s.get_decoded().get("_auth_user_id") == str(person.pk)]


def _erase_sessions(person: Person) -> int:
    keys = [session.session_key for session in _sessions(person)]
    return Session.objects.filter(session_key__in=keys).delete()[0]


papers.owned(KeySlot, "vault__person", ("kind", "made_at"), rank=0)
papers.owned(Authenticator, "user", ("type", "created_at", "last_used_at"), rank=50)
papers.owned(SocialToken, "account__user", ("expires_at",), rank=54)
papers.owned(SocialAccount, "user", ("provider", "uid", "date_joined", "last_login"), rank=55)
papers.owned(SignIn, "person", ("device", "began_at", "seen_at"), rank=56)
papers.owned(EmailConfirmation, "email_address__user", ("created", "sent"), rank=60)
papers.owned(EmailAddress, "user", ("email", "verified", "primary"), rank=65)
papers.owned(Vault, "person", ("recovery_noted_at", "created_at"), rank=80)
papers.register(
    Session,
    papers.Papers(
        export=lambda person: [{"expires_at": s.expire_date} for s in _sessions(person)],
        erase=_erase_sessions,
        rank=90,
    ),
)
papers.owned(Person, "pk", ("email", "language", "created_at", "last_login"), rank=99)
