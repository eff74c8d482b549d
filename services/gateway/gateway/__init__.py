"""The managed proxy to providers of language models: `python -m gateway`."""
