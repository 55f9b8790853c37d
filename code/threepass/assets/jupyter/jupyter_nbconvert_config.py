"""How the notebooks' kernels are started and ended, for mkdocs-jupyter.

What is said to a kernel is encrypted where pyzmq can; if not, it warns that it is not. A kernel whose last cell has
run is killed: asked to stop, ipykernel may print a traceback of its own, for its output is closed before its control
thread has ended.
"""

import zmq

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (traitlets puts it there)
c.NotebookClient.shutdown_kernel = "immediate"
if zmq.has("curve"):
    c.KernelManager.transport_encryption = "auto"
