"""How often who may ask, and how much of that is left to whoever guesses."""
