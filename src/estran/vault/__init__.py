"""The vault's grammar: keys, seals, chunks, audit. Pure: storage belongs to the web.

Byte by byte in ``docs/vault-format.md``; what it protects, and what not, in
``docs/security.md``.
"""
