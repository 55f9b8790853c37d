"""A library in; where its author stands, and what to read next, out."""
