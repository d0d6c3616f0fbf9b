"""Address of the coach's front page."""

from django.urls import path

from estran.web.hub import views

urlpatterns = [path("coach/", views.coach, name="coach")]
