"""Papers for the operator: GDPR register, impact assessment, accessibility statement.

They are written from the running configuration and from the models themselves, so that they
say what this site does and not what a template hoped.
"""
