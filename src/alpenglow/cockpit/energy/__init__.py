"""How far will it go, and why? Range with its reasons, consumption, trips, charging and its plan.

Pure logic stands in `cardata`, `road`, `reasons`, `totals`, `plan` and `session`; `part` puts it on the fabric's
signals and on disk.
"""
