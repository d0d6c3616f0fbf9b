"""Addresses of tickets and declarations."""

from django.urls import path

from estran.web.tickets import habits, letters, mapper, messages, views

urlpatterns = [
    path("tickets/", views.tickets, name="tickets"),
    path("tickets/add/", views.add, name="ticket-add"),
    path("tickets/stations/", views.stations, name="ticket-stations"),
    path("tickets/undo/", views.undo, name="tickets-undo"),
    path("tickets/message/", messages.message, name="ticket-message"),
    path("tickets/proposed/<slug:proposed_id>/", messages.proposed, name="tickets-proposed"),
    path("tickets/table/", mapper.bring, name="ticket-table"),
    path("tickets/table/<slug:table_id>/", mapper.look, name="ticket-table-look"),
    path("tickets/regular/", habits.habits, name="habits"),
    path("tickets/regular/add/", habits.add, name="habit-add"),
    path("tickets/regular/<slug:habit_id>/", habits.habit, name="habit"),
    path("tickets/letters/", letters.letters, name="letters"),
    path("tickets/letters/add/", letters.add, name="letter-add"),
    path("tickets/letters/<slug:letter_id>/", letters.letter, name="letter"),
    path("tickets/letters/<slug:letter_id>/reminder.ics", letters.calendar, name="letter-ics"),
    path("tickets/<slug:ticket_id>/", views.ticket, name="ticket"),
]
