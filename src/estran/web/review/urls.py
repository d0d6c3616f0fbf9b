"""Addresses of a year in review."""

from django.urls import path

from estran.web.me import journal_urls  # noqa: F401 - years in addresses
from estran.web.review import views

urlpatterns = [
    path("review/", views.last_review, name="review"),
    path("review/<year:year>/", views.year_review, name="review-year"),
]
