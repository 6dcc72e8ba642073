"""What wishes promise of the result: what each must show in, by how much, and what to do where it fell short."""
