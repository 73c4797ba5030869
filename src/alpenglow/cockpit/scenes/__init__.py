"""Scenes: several settings under one name, set off by touch, by voice or by a condition, and put back when they end.

They work without the assistant, which only drafts and names them. Everything goes through the door.
"""
