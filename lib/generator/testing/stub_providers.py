"""All providers of a schema, served to the real terraform by this process.

Terraform finds them through TF_REATTACH_PROVIDERS, by which it takes a provider that already runs instead of starting
one: nothing is installed, no lock file is written and no plugin cache is touched.
https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
"""

from __future__ import annotations

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc  # type: ignore[import-untyped,unused-ignore]
from generator.terraform.schema import Schema
from generator.testing.protocol import PROTOCOL_VERSION
from generator.testing.stub_provider import StubProvider

_MESSAGE_LIMIT = 64 * 1024 * 1024
_OPTIONS = [("grpc.max_send_message_length", _MESSAGE_LIMIT), ("grpc.max_receive_message_length", _MESSAGE_LIMIT)]


class StubProviders:
    """`with StubProviders(schema) as stub:` serves the providers until the block ends.

    `stub.environment` is the whole environment to run terraform with: the caller's without any of its settings for
    Terraform, and with ours.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._servers: list[grpc.Server] = []
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="stub-")
        folder = Path(self._folder.name)
        reattach = {}
        for name, provider in self._schema.providers.items():
            socket = folder / f"{name}.sock"
            server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_OPTIONS)
            server.add_generic_rpc_handlers((StubProvider(name, self._schema).handler(),))
            server.add_insecure_port(f"unix://{socket}")
            server.start()
            self._servers.append(server)
            reattach[provider["source"]] = {
                "Protocol": "grpc",
                "ProtocolVersion": PROTOCOL_VERSION,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": str(socket)},
            }
        settings = folder / "terraform.rc"
        settings.write_text("disable_checkpoint = true\n")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
        self.environment = {
            **inherited,
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
            "TF_REATTACH_PROVIDERS": json.dumps(reattach),
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stopping = [server.stop(grace=None) for server in self._servers]
        for stopped in stopping:
            stopped.wait()
        self._servers.clear()
        self._folder.cleanup()
