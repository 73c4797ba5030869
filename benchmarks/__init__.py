"""The measurements behind the promises: `make bench`, or `python -m benchmarks [NAME …]`."""
