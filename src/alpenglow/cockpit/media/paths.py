"""The signals of the player."""

MEDIA = "Vehicle.Cabin.Infotainment.Media"
OURS = "Vehicle.Alpenglow.Cockpit.Media"
VOLUME = f"{MEDIA}.Volume"
BALANCE = f"{OURS}.Balance"
FRONT, REAR = f"{OURS}.Zone.Front.Volume", f"{OURS}.Zone.Rear.Volume"
