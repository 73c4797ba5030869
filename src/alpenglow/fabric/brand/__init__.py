"""Brand packs: a make's colours, type, icons, sounds, words, cluster face and layout choices, as checked data.

A pack is a folder with a `brand.toml` and `icons/*.svg`. It can only override what `brands/base.toml` lists; nothing in
it is ever executed, fetched or read from elsewhere.
"""
