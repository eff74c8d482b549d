"""The gateway's endpoints: whose API each is shaped after, and which fields of it may be used."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.catalog import Feature
from gateway.errors import Shape

FEATURE_HEADER = b"x-gateway-feature"


@dataclass(frozen=True)
class Api:
    """One endpoint.

    name        its path below /v1/
    fields      what a request may have. A field that is not known here may cost money (priority processing, tools that the
                provider runs) or keep customers' prompts with the provider: it is refused until somebody has looked at it.
    max_fields  which fields name the most tokens that may be written
    """

    name: str
    shape: Shape
    features: tuple[Feature, ...]
    """The first one is what a request without x-gateway-feature is for."""
    fields: frozenset[str]
    max_fields: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"/v1/{self.name}"


_SAMPLING = "model stream temperature top_p"
_OPENAI = f"{_SAMPLING} stream_options n stop presence_penalty frequency_penalty logit_bias logprobs user seed"

APIS = (
    Api(
        "chat/completions",
        "openai",
        ("chat_completions", "code_completions"),
        frozenset(
            f"{_OPENAI} messages max_tokens max_completion_tokens top_logprobs tools tool_choice parallel_tool_calls"
            " response_format reasoning_effort verbosity prediction".split()
        ),
        ("max_completion_tokens", "max_tokens"),
    ),
    Api(
        "completions",
        "openai",
        ("code_completions",),
        frozenset(f"{_OPENAI} prompt suffix max_tokens best_of echo".split()),
        ("max_tokens",),
    ),
    Api("embeddings", "openai", ("embeddings",), frozenset("model input dimensions encoding_format user".split())),
    Api(
        "messages",
        "anthropic",
        ("chat_completions", "code_completions"),
        frozenset(f"{_SAMPLING} messages system max_tokens stop_sequences top_k tools tool_choice metadata thinking".split()),
        ("max_tokens",),
    ),
)
