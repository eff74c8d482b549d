"""Programs that keep every promise of the contract, until they are told to break one."""
