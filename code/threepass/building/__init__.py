"""A library in; its site as files, made by MkDocs or exported for another engine, or served, out."""
