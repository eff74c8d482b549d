"""What a service is: the spec model, its validation, and the names, limits and tiers everything else builds on.

A library of plain Python: it knows nothing of the build system, of Terraform or of CDKTF. Nothing here reads the clock,
the network, the environment or a random source. Start reading at `spec.loader` (files in, findings out) or
`spec.model` (what a service.yaml may say).
"""
