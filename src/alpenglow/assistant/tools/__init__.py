"""Any tool catalogue as something the assistant can act on: what its tools take, and how wishes become calls."""
