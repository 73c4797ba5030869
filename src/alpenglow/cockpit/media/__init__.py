"""What plays? Sources of music, the queue, one gapless stream of sound, and how loud it is where in the car."""
