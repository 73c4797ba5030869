"""What driving costs the battery: the car's physics, speeds along a path, charging, and how far the charge reaches."""
