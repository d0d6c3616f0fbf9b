"""A made-up person with a made-up year, to look around with and to measure with.

Nothing here comes from anybody: places, roads and habits are drawn by a seeded generator
around real stations, so that maps and factors make sense. Everything shown from it must be
marked as an example.
"""

from estran.example.diary import Truth
from estran.example.person import evidence, year

__all__ = ["Truth", "evidence", "year"]
