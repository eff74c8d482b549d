"""The random provider: only its ephemeral values are used, which never reach Terraform's state (see `google.py`)."""

from cdktf_cdktf_provider_random import provider as provider
