"""Tickets and declarations: journeys that a person states, read, matched and laid over a journal.

Pure: tables, mails and calendars in, journeys out; a journal and journeys in, a journal out
(docs/tickets.md).
"""
