"""Signal processing that several effects share; one noun a file. scipy is imported where it is used."""
