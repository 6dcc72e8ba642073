"""OSC protocol 1: messages, a guard before parsing, endpoint and client."""
