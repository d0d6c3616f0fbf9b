"""Estran: territorial self data of mobility."""

__version__ = "2026.11.0"
