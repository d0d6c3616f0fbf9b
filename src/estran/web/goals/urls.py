"""Address of goals."""

from django.urls import path

from estran.web.goals import views

urlpatterns = [path("goals/", views.goals, name="goals")]
