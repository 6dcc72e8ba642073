"""A language model as a hearer of words, over any OpenAI-compatible server. It gives intents; every number is held."""
