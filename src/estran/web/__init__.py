"""The site: one app per audience, thin over the library."""
