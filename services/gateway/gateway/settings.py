"""The service's own settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from runtime import Secret, env


@dataclass(frozen=True)
class Config:
    """Defaults are those of production."""

    openai_api_key: Secret = env.secret("OPENAI_API_KEY", help="What OpenAI knows the organisation by.")
    anthropic_api_key: Secret = env.secret("ANTHROPIC_API_KEY", help="What Anthropic knows the organisation by.")
    openai_url: str = env.url(
        "OPENAI_URL", default="https://api.openai.com", help="Where OpenAI's API is, without /v1."
    )
    anthropic_url: str = env.url(
        "ANTHROPIC_URL", default="https://api.anthropic.com", help="Where Anthropic's API is, without /v1."
    )
    connect_timeout: timedelta = env.duration(
        "UPSTREAM_CONNECT_TIMEOUT", default=timedelta(seconds=5), help="How long connecting to a provider may take."
    )
    first_byte_timeout: timedelta = env.duration(
        "UPSTREAM_FIRST_BYTE_TIMEOUT",
        default=timedelta(seconds=120),
        help="How long a provider may take until its answer begins.",
    )
    idle_timeout: timedelta = env.duration(
        "UPSTREAM_IDLE_TIMEOUT",
        default=timedelta(seconds=60),
        help="How long a provider's answer may be silent once it has begun.",
    )
    total_timeout: timedelta = env.duration(
        "UPSTREAM_TOTAL_TIMEOUT", default=timedelta(minutes=10), help="How long a whole answer may take."
    )
    max_prompt_bytes: int = env.int(
        "MAX_PROMPT_BYTES", default=2 * 1024 * 1024, minimum=1024, help="How large a request's body may be."
    )
    actor_cache: timedelta = env.duration(
        "ACTOR_CACHE", default=timedelta(seconds=10), help="How late a revoked key stops working at the latest."
    )
    actor_cache_without_database: timedelta = env.duration(
        "ACTOR_CACHE_WITHOUT_DATABASE",
        default=timedelta(minutes=5),
        help="How long known keys go on working while the database can't be asked.",
    )
