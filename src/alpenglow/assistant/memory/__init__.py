"""What the assistant keeps and watches for people: facts, scenes, timers, habits, and what it says unasked.

All of it stays in the car, in one file per state folder (`store`), and none of it moves anything by itself: what is to
be set comes back as actions, and the caller takes them through the door. No language is understood here.
"""
