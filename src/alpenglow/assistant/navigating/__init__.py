"""Going somewhere by voice: sentences about the way become errands, and `navigation` runs them."""
