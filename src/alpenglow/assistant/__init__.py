"""What did they mean, and what should the car do? A person says it in their own words; the car does it, or says why not."""
