"""How a process starts, notices what goes wrong, and stops."""
