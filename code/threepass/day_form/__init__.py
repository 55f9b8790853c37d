"""The form at `/write/`, by which a day is written in the browser while a library is served: requests in, answers out.

Nothing of it is in a site that is built: the server of `threepass serve` answers its addresses, and no file does.
"""

from threepass.day_form.desk import HEADERS, Desk
from threepass.day_form.guard import Answer, Request
from threepass.day_form.page import with_link
from threepass.day_form.shown import Shown

__all__ = ["HEADERS", "Answer", "Desk", "Request", "Shown", "with_link"]
