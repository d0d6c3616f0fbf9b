"""Recaps by mail: weekly or monthly, for who asks, text first, ended by one press."""
