"""What pages and API have in common: who asks, what is refused, what browsers are told."""
