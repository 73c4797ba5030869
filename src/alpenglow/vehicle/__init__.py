"""What is behind the signals?

Buses and recorded logs, the DBC codec between frames and signals, the simulated electric car and its ECUs, and the
writing of actuation. One process, `vehicle`, runs it.
"""
