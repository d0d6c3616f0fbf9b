"""Addresses of corrections."""

from django.urls import path

from estran.web.correcting import adding, checking, lists, views

urlpatterns = [
    path("journal/trip/<int:start_us>/", views.trip, name="trip"),
    path("journal/trips/", lists.trips, name="trips"),
    path("journal/check/", checking.check, name="check"),
    path("journal/history/", lists.corrections, name="corrections"),
    path("journal/add/", adding.add, name="trip-add"),
    path("journal/take-back/", lists.take_back, name="take-back"),
]
