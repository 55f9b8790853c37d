"""Which inputs made a network say what it said: attribution methods, and the claims that their papers make."""
