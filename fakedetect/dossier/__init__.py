"""The dossier: what can be handed to a third party, derived from a private audit folder, and what proves it whole.

docs/dossier.md tells the format, what a check proves and what not; docs/privacy.md why it looks like this.
"""
