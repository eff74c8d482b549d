"""HTTP: the server, what stands in front of the service's application, and the pages for probes and people."""
