"""The commands, a module each: arguments in; calls; words and an exit code out.

A module here imports nothing at its top but typer and what names its arguments. The rest of the tool is imported by
the command when it runs, so that `threepass --help` and shell completion do not wait for it.
"""
