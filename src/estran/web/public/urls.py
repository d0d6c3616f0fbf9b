"""Addresses that anybody may visit."""

from django.urls import path

from estran.web.me import journal_urls as _converters  # noqa: F401 - registers "day" and "year"
from estran.web.public import views

urlpatterns = [
    path("", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("appearance/", views.appearance, name="appearance"),
    path("language/", views.language, name="set_language"),
    path("example/", views.example, name="example"),
    path("example/journal/correct/", views.example_correct, name="example-correct"),
    path("example/journal/undo/", views.example_undo, name="example-undo"),
    path("example/journal/<day:day>/", views.example_day, name="example-day"),
    path("example/journal/<day:day>/week/", views.example_week, name="example-week"),
    path("example/journal/<year:year>-<int:month>/", views.example_month, name="example-month"),
    path("example/dashboard/<year:year>/", views.example_dashboard, name="example-dashboard"),
    path("example/dashboard/period/", views.example_period, name="example-period"),
    path("example/dashboard/how/<measure:measure>/", views.example_how, name="example-how"),
]
