"""Background work: rows of jobs, who may claim one, and the key a job may use.

Why a table of our own: docs/decisions/jobs.md.
"""
