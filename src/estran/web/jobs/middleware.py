"""Any page view of a person renews what lets their unfinished jobs go on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from estran.web.accounts import keylife
from estran.web.accounts.models import Person
from estran.web.jobs import grants
from estran.web.jobs.models import Job


def renew_grants(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Renew void grants before the view runs: one small query where nothing is to do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) and grants.public_key() is not None:
            waiting = Job.objects.filter(
                person=person, state__in=[Job.State.QUEUED, Job.State.RUNNING]
            )
            if waiting.exists():
                key = keylife.key_of(request)
                if key is not None:
                    grants.renew(person, key)
        return get_response(request)

    return middleware
