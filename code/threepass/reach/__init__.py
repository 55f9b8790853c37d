"""What a piece of Python reaches, told from its source without running it.

From the ground up: `normal_form` what of the syntax counts · `scopes` which names are local · `module_source` one
file · `modules` all files · `resolution` what a name stands for · `references` which names a statement takes ·
`data_files` and `named_files` which data · `registration` what acts by being defined · `graph` all of it joined.
"""
