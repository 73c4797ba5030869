"""What the car has to tell, in the order in which it matters: one queue, its sources, its history, its chimes."""
