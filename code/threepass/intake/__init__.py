"""What the importers have read in; the days, notes and images that it becomes in the library out."""
