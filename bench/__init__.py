"""What `make bench` measures: the portal beside references, interleaved, in one run on one machine."""
