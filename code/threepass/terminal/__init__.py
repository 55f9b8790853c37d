"""What commands share at a terminal: a bar, a numbered list, an editor, and a log of what went wrong with us."""
