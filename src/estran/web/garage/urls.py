"""Addresses of vehicles, passes and habits."""

from django.urls import path

from estran.web.garage import views

urlpatterns = [
    path("vehicles/", views.vehicles, name="vehicles"),
    path("vehicles/add/<slug:mode>/", views.add, name="vehicle-add"),
    path("vehicles/pass/add/", views.add_pass, name="pass-add"),
    path("vehicles/pass/<slug:thing_id>/", views.one_pass, name="pass"),
    path("vehicles/<slug:thing_id>/", views.vehicle, name="vehicle"),
    path("vehicles/<slug:thing_id>/change/", views.change, name="vehicle-change"),
]
