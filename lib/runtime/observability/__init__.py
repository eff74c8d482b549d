"""Logs, traces, metrics and error reports: set up once, before the service's own code runs."""
