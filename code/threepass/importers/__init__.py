"""Material from outside in, records out: one module a source.

An importer never writes a note and never raises for what a server or a file got wrong: each thing that was asked for
comes back as what it is, or as a failure with one line that says why.
"""
