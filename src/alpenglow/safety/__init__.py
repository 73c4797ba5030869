"""What must never fail?

The door through which every command passes (`door`, over the table of `interlocks`), the instrument cluster's state
(`telltales`), and what a driver may be shown while moving (`driving_state`). The process also serves the cluster page.
Python on Linux is QM in terms of ISO 26262: nothing here claims an ASIL.
"""
