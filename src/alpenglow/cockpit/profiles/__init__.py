"""Who is in the car, and what it remembers of them: settings, PIN, keys; the guest and the valet."""
