"""Addresses of advice."""

from django.urls import path

from estran.web.advice import views

urlpatterns = [
    path("advice/", views.advice, name="advice"),
    path("advice/<slug:recurring_id>/", views.not_possible, name="advice-not-possible"),
]
