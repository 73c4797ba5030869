"""The simulated electric car: physics, control units that speak CAN, and what can break.

`car.Car` is the whole of it. It reads no clock and rolls no dice: the same inputs give the same drive.
"""
