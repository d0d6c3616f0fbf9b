"""Confirmations as people have them: mails, pasted texts, entries of a calendar."""
