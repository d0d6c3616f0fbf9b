"""Address of simulations."""

from django.urls import path

from estran.web.whatif import views

urlpatterns = [path("what-if/", views.what_if, name="what-if")]
