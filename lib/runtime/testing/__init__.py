"""For the tests of services: what the platform gives, without the platform."""
