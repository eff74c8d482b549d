"""Identity-Aware Proxy as stacks name it before there is a load balancer."""

from __future__ import annotations

from generator.context import Context
from generator.stacks.scope import Export, StackScope


def audience_prefix(stack: StackScope, project_number: Export, context: Context) -> str | None:
    """What the audience of the proxy's signed header starts with in an environment; None where there is no proxy.

    The number of the backend service ends it, and is known only after the container that would read it; no other of the
    project's load balancers has the proxy. Source: https://cloud.google.com/iap/docs/signed-headers-howto
    """
    if not context.has_iap:
        return None
    return f"/projects/{stack.read(project_number)}/global/backendServices/"


def agent(stack: StackScope, project_number: Export) -> str:
    """As whom the proxy calls Cloud Run. Source: https://cloud.google.com/iap/docs/enabling-cloud-run"""
    return f"serviceAccount:service-{stack.read(project_number)}@gcp-sa-iap.iam.gserviceaccount.com"
