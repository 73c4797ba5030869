"""Any tool catalogue as something the assistant can act on: what its tools take and give, and how wishes become calls."""
