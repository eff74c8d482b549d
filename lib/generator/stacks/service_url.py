"""Where the service answers, said before there is a service."""

from __future__ import annotations

from generator.context import Context
from generator.stacks.scope import Export, StackScope


def service_url(stack: StackScope, project_number: Export, context: Context | None = None) -> str:
    """Of the stack's environment, or of that of `context`: Cloud Run's deterministic URL. Source: https://cloud.google.com/run/docs/triggering/https-request#deterministic"""
    context = context or stack.context
    return f"https://{context.names.service_name}-{stack.read(project_number)}.{context.region}.run.app"
