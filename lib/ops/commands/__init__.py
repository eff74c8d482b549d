"""The commands, a module each (`ops.session.Command`)."""
