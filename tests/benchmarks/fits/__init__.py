"""Programs that find numbers in the code; run by hand, not by `make bench`."""
