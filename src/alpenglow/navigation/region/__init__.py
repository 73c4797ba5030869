"""Regions: an OpenStreetMap extract becomes a folder that can be driven in, searched and looked at.

`building` makes the folder in one go and puts it in its place when it is whole; `regions` opens what is installed.
"""
