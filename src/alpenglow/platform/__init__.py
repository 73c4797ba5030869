"""Which processes, on which computer, with which limits; start them, watch them, restart them.

This is the only composition root: it knows every room by the name of its process module and imports none of them.
`processes.py` is the table to read first.
"""
