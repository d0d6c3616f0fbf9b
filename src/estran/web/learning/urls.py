"""Addresses of usual trips."""

from django.urls import path

from estran.web.learning import places, views

urlpatterns = [
    path("places/", places.places, name="places"),
    path("recurring/", views.recurring_trips, name="recurring"),
    path("recurring/<slug:recurring_id>/", views.recurring_trip, name="recurring-one"),
    path("journal/similar/<int:start_us>/", views.similar, name="similar"),
]
