"""Addresses of the site: one list an audience."""

from django.urls import include, path

urlpatterns = [
    path("", include("estran.web.public.urls")),
    path("", include("estran.web.accounts.urls")),
    path("", include("estran.web.me.urls")),
    path("", include("estran.web.me.journal_urls")),
    path("", include("estran.web.retention.urls")),
    path("", include("estran.web.portability.urls")),
    path("", include("estran.web.live.urls")),
    path("", include("estran.web.sources.urls")),
    path("", include("estran.web.emission.urls")),
    path("", include("estran.web.garage.urls")),
    path("", include("estran.web.tickets.urls")),
    path("", include("estran.web.recorder.urls")),
    path("", include("estran.web.hub.urls")),
    path("", include("estran.web.correcting.urls")),
    path("", include("estran.web.learning.urls")),
    path("", include("estran.web.savings.urls")),
    path("", include("estran.web.goals.urls")),
    path("", include("estran.web.whatif.urls")),
    path("", include("estran.web.review.urls")),
    path("", include("estran.web.groups.urls")),
    path("", include("estran.web.sharing.urls")),
    path("", include("estran.web.recaps.urls")),
    path("", include("estran.web.advice.urls")),
]

handler500 = "estran.web.config.errors.broken"
