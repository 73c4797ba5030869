"""The models the assistant thinks with: where they come from, whether they are what they claim, how they run.

A model is data that is pinned by its hash (`catalogue`), fetched from any source that has it (`fetching`), kept in one
folder (`store`) and run in this process (`engine` for language, `encoders` for meaning). No source is trusted.
"""
