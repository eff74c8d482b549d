"""What a service needs to have product events: the columns of BigQuery's table `events`.

  1. python -m runtime.events schema > services/<id>/bigquery/events.json
  2. in the service.yaml, for each environment:
       resources:
         bigquery:
           tables: [events]
  3. in the code:
       await runtime.events.record("user.signed_up", {"plan": "free"}, actor="user:1", connection=connection)

An event is delivered at least once. Of what came twice a query takes one:
  SELECT * FROM events WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY time) = 1
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from runtime.events.event import SCHEMA


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m runtime.events", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("schema", help="print the columns, as bigquery/events.json has them")
    parser.parse_args(arguments)
    print(schema_text(), end="")
    return 0


def schema_text() -> str:
    """The file's text, a column a line."""
    return "[\n" + ",\n".join(f"  {json.dumps(column)}" for column in SCHEMA) + "\n]\n"
