"""What did they mean, and what should the car do? People say it in their own words; the car does it or says why not."""
