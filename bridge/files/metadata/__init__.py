"""What a file says beside its sound, carried over to the result and adjusted to what changed."""
