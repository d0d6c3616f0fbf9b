"""Tickets and declarations: brought, confirmed, kept in the vault, laid over the journal."""
