"""What do people see and touch? Serves the centre page and the signals page, and owns the infotainment's state."""
