"""What was computed in; the same out, made again only when what it was made from has changed."""
