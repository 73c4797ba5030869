"""Search: places, streets, addresses and categories as people type them, over one index per region.

`reading` takes places from an extract, `index` writes them down, `query` finds them again. `folding` says which texts
are the same to somebody who types, `vocabulary` which words are one slip away, `categories` what "coffee near me" is.
"""
