"""LaTeX in; MathML, or the text it stands for, out."""
