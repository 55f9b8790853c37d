"""What the papers state, as code: one equation, one function."""
