"""A name on the Hugging Face Hub in; whether the Hub answers, and whether the model was fetched before, out.

`huggingface_hub` asks again and again for what it has not fetched yet: five times more, with pauses of 23 seconds
between them where the host is not found, and a minute for each try where nothing comes back. Here it is asked once.
"""

from __future__ import annotations

from huggingface_hub import get_hf_file_metadata, hf_hub_url, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

CONFIGURATION = "config.json"
"""The file that every model of `transformers` has."""


def why_silent(name: str) -> str | None:
    """Return why the Hub cannot be asked about a model; None where it answers, whatever it says.

    Waits for the answer as long as `HF_HUB_ETAG_TIMEOUT` says, 10 seconds if it is not set.
    """
    try:
        get_hf_file_metadata(hf_hub_url(name, CONFIGURATION))
    except (HfHubHTTPError, HFValidationError):  # there is no such model, or no such name: `from_pretrained` says it
        return None
    except OfflineModeIsEnabled:
        return "HF_HUB_OFFLINE forbids to ask the Hub"
    except Exception as error:  # whatever the library's HTTP client, which changes, has for a failed connection
        return f"the Hub does not answer ({error})"
    return None


def was_fetched(name: str) -> bool:
    """Return whether a model's configuration was fetched before, and most likely the rest of it, too."""
    return isinstance(try_to_load_from_cache(name, CONFIGURATION), str)
