"""What other rooms and the pages may ask of `cockpit`: profiles, scenes, messages, media, energy, privacy.

A list that changes says so by a number that counts up, `Vehicle.Alpenglow.Cockpit.Revision.<list>`; who shows the list
asks for it again then.
"""
