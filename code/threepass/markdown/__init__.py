"""Markdown in; what it holds (blocks of code, formulas, links, sentences), or the HTML it becomes, out."""
