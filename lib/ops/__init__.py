"""What runs when somebody operates a service: `python -m ops logs accounts prod`.

Standard library only, so that it starts at once and runs wherever Python does. What a service is called, and where, it knows
from the description that the generator made (`infra-out/<service>/description.json`); nobody types such a name.
"""
