"""Asks container registries what tags mean. The one library that talks to the outside, and only when somebody asks it to:
`spec` and `generator` read what it has written."""
