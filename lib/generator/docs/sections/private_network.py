"""A way into an environment's private network, for what speaks to the database itself: Terraform, and people."""

from __future__ import annotations

from generator.docs.inline import code, fmt, link
from generator.docs.markdown import Block, Blocks, anchor, paragraph, shell, steps
from generator.docs.model import EnvironmentGuide
from generator.docs.sections import applying
from generator.docs.shell import gcloud, quote

NEEDED_BY = ("grants", "publications")
"""The stacks whose provider connects to the database."""

MACHINE = "msp-tunnel"
ZONE = "b"
"""Every region has it. Source: https://cloud.google.com/compute/docs/regions-zones#available"""

IAP_RANGE = "35.235.240.0/20"
"""Where tunnelled connections come from. Source: https://cloud.google.com/iap/docs/using-tcp-forwarding"""

PROXY = "127.0.0.1:1080"
DATABASE_PORT = 5433
"""Port on one's own machine; not PostgreSQL's own, which may be taken."""


def title(environment: EnvironmentGuide) -> str:
    return f"A way into the network of {environment.id}"


def needed_by(environment: EnvironmentGuide) -> list[str]:
    """Of these, those that the environment has; in the order to apply."""
    return [stack for stack in environment.stacks if stack in NEEDED_BY]


def apply(environment: EnvironmentGuide, stack: str) -> Block:
    """Plan and apply through the tunnel: of all that Terraform starts, only the PostgreSQL provider heeds ALL_PROXY.

    Source: https://pkg.go.dev/golang.org/x/net/proxy#FromEnvironment, which the provider dials through, and
    https://pkg.go.dev/net/http#ProxyFromEnvironment, which doesn't know the variable.
    """
    through = f"ALL_PROXY=socks5://{PROXY} "
    init, plan, apply = (environment.terraform(stack, verb) for verb in ("init", "plan", "apply"))
    return shell(init, through + plan, through + apply)


def blocks(environment: EnvironmentGuide) -> Blocks:
    project, network = environment.project_id, environment.context.names.network
    zone = f"{environment.region}-{ZONE}"
    machine = {"project": project, "zone": zone}
    rule = f"{network}-tunnel"
    instance = gcloud(
        "sql", "instances", "describe", environment.context.names.database_instance,
        project=project, format="value(ipAddresses[0].ipAddress)",
    )  # fmt: skip
    return [
        paragraph(
            fmt(
                "The database has a private address only, and the platform keeps no machine in its network. Make one"
                " for as long as you need it, {}:",
                link("as the platform's identity", anchor(applying.TITLE)),
            )
        ),
        steps(
            [
                [
                    paragraph("A machine without a public address and without rights, and a tunnel to it:"),
                    shell(
                        gcloud("services", "enable", "iap.googleapis.com", project=project),
                        gcloud(
                            "compute", "firewall-rules", "create", rule, project=project, network=network,
                            direction="INGRESS", source_ranges=IAP_RANGE, allow="tcp:22", target_tags=MACHINE,
                        ),
                        gcloud(
                            "compute", "instances", "create", MACHINE, **machine, subnet=network, tags=MACHINE,
                            machine_type="e2-micro", no_address=True, no_service_account=True, no_scopes=True,
                        ),
                    ),
                ],
                [
                    paragraph(
                        fmt(
                            "Keep this running in a shell of its own. It offers the network at {} (for Terraform) and"
                            " the database at {} (for {}).",
                            code(PROXY),
                            code(f"127.0.0.1:{DATABASE_PORT}"),
                            code("psql"),
                        )
                    ),
                    shell(
                        f"address=$({instance})",
                        gcloud(
                            "compute", "ssh", MACHINE, **machine, tunnel_through_iap=True,
                            then=f'-- -N -D {quote(PROXY)} -L "127.0.0.1:{DATABASE_PORT}:$address:5432"',
                        ),
                    ),
                ],
                [
                    paragraph("Afterwards, take both away:"),
                    shell(
                        gcloud("compute", "instances", "delete", MACHINE, **machine),
                        gcloud("compute", "firewall-rules", "delete", rule, project=project),
                    ),
                ],
            ]
        ),
    ]  # fmt: skip
