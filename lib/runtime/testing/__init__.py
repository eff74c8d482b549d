"""For the tests of services: what the platform gives, without the platform, and faults on the way to it."""
