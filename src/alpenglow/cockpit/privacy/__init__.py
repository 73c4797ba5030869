"""What the car keeps of a person, what left it, and the person's say in both."""
