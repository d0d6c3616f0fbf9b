"""The addresses of e-mission's apps and of the Cozy konnector, and what lets them read."""
