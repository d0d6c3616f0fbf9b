"""Address of savings."""

from django.urls import path

from estran.web.savings import views

urlpatterns = [path("savings/", views.savings, name="savings")]
