"""From one sequence to another, in three parts: a pair of LSTMs, a gated encoder–decoder, a search of the source."""
