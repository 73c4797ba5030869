"""Bigger models outside the car: asked with consent, after redaction, within a budget, and entered in the ledger."""
