"""Distances, bearings, cells, simplification, time zones of places: arrays in, arrays out."""
