"""The protocol of e-mission's phone apps (OpenPATH, TraceMob) and of the Cozy konnector.

What a phone posts becomes evidence and kept entries; a journal is told in their words.
Nothing here opens a vault or knows a clock.
"""
