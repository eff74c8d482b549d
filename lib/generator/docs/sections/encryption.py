"""The environment's own keys: what each encrypts, how it is changed, and what to do when one is taken away."""

from __future__ import annotations

from generator.docs import log_filters
from generator.docs.inline import Inline, Text, code, fmt, link
from generator.docs.markdown import Block, Blocks, anchor, bullets, careful, heading, paragraph, shell, steps, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import time_bound
from generator.docs.shell import gcloud
from generator.docs.terraform_json import first
from spec.encryption import NOT_ENCRYPTED, Product

STACK = "keys"
TITLE = "Encryption keys"


def title(environment: EnvironmentGuide) -> str:
    return f"Keys of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    encrypted = [environment for environment in guide.environments if environment.context.encrypted]
    if not encrypted:
        return []
    found: list[Block] = [heading(2, TITLE)]
    for environment in encrypted:
        found += _environment(environment)
    return [
        *found,
        heading(3, "What no key of one's own encrypts", "without key"),
        bullets(fmt("{}: {}", what, why) for what, why in NOT_ENCRYPTED),
        heading(3, "Own keys for an environment that exists", "later"),
        *_later(guide),
    ]


def ask_for_agents(environment: EnvironmentGuide) -> Blocks:
    """Google makes the identities of some products only when somebody asks; a role can't be given to one before."""
    asked = [product for product in environment.context.encrypted if not product.made]
    return [
        paragraph("Keys are given to the products' own identities, some of which Google makes only when asked:"),
        shell(
            *(
                gcloud("beta", "services", "identity", "create", service=product.api, project=environment.project_id)
                for product in asked
            )
        ),
    ]


def _environment(environment: EnvironmentGuide) -> Blocks:
    context = environment.context
    ring = first(environment.stack(STACK), "google_kms_key_ring")
    encryption = context.environment.encryption
    level = "hardware security modules" if encryption is not None and encryption.protection_level == "hsm" else "software"
    return [
        heading(3, title(environment), environment.id),
        paragraph(
            fmt(
                "What the environment keeps is encrypted with keys of its own, in key ring {} of Cloud KMS in {} ({}). Each"
                " product has its key, and only the product's own identity uses it; people see that a key is there, and"
                " nothing of it.",
                code(ring.text("name") if ring else context.names.key_ring),
                environment.region,
                level,
            )
        ),
        table(("Key", "Encrypts", "While it is disabled"), [_row(product) for product in context.encrypted]),
        paragraph(
            fmt(
                "A new version of each key is made every {} days and encrypts from then on; older versions go on decrypting,"
                " so leave them enabled. Nothing is encrypted again by that, and nobody notices. To change a key now, and to"
                " see its versions:",
                context.safety.key_rotation_days,
            )
        ),
        shell(
            _versions(environment, "create", primary=True),
            _versions(environment, "list", format="table(name.basename(),state,createTime,destroyEventTime)"),
        ),
        heading(4, f"A key of {environment.id} is disabled or will be destroyed"),
        careful(
            "That is an incident: what the key encrypts can't be read, backups included. A version that is to be destroyed"
            f" can be brought back for {context.safety.key_destruction_days} days; after that it is lost for ever, with"
            " everything that it encrypts, and Google can't help."
        ),
        steps(_rescue(environment)),
        heading(4, f"Who used or changed keys of {environment.id}"),
        paragraph(
            fmt(
                "Every change of a key, its versions and who may use it is recorded for 400 days, whatever the tier; {} tells"
                " of a version that is taken away. What is encrypted with a key is in the {}.",
                code("key-lost"),
                link(
                    "key's usage in the console",
                    f"https://console.cloud.google.com/security/kms/keyrings?project={environment.project_id}",
                ),
            )
        ),
        shell(
            gcloud(
                "logging", "read", f'{log_filters.AUDIT_LOG} AND protoPayload.serviceName="cloudkms.googleapis.com"',
                project=environment.project_id, freshness="30d", limit=50,
                format="value(timestamp,protoPayload.authenticationInfo.principalEmail,protoPayload.methodName,"
                "protoPayload.resourceName)",
            )
        ),
    ]  # fmt: skip


def _row(product: Product) -> tuple[Text, ...]:
    return code(product.id), product.what, product.shut


def _versions(
    environment: EnvironmentGuide, verb: str, *words: str, primary: bool | None = None, format: str | None = None
) -> str:
    return gcloud(
        "kms", "keys", "versions", verb, *words, key="KEY",
        keyring=environment.context.names.key_ring, location=environment.region, project=environment.project_id, primary=primary,
        format=format,
    )  # fmt: skip


def _rescue(environment: EnvironmentGuide) -> list[Blocks]:
    return [
        [paragraph(fmt("{} See which version of which key it is ({}, {}).", _become(environment), code("VERSION"), code("KEY")))],
        [
            paragraph("To be destroyed: bring it back, which leaves it disabled. Disabled: enable it."),
            shell(_versions(environment, "restore", "VERSION"), _versions(environment, "enable", "VERSION")),
        ],
        [
            paragraph(
                "Wait: it takes up to three hours until every product has noticed, minutes as a rule. What does not come"
                " back by itself is started again."
            )
        ],
    ]


def _become(environment: EnvironmentGuide) -> Inline:
    """How somebody gets to be allowed to."""
    found = time_bound.entitlement(environment, "break-glass")
    if found is None:
        return fmt(
            "Be somebody who administers the project and holds {} for a while.",
            code(f"projects/{environment.project_id}/roles/mspKeyRescue"),
        )
    return fmt(
        "Ask for {}, which may bring keys back and not destroy them ({}).",
        code("break-glass"),
        link("how", anchor(time_bound.title(environment))),
    )


def _later(guide: ServiceGuide) -> Blocks:
    return [
        paragraph(
            "Secrets, buckets, topics and the running image take a key where they are, for what is written from then on."
            " A database, a cache, a table of BigQuery and a stream can't: Google would have to make them anew, and the"
            " name of a database can't be used again for a week. So checks refuse it, and this is the way:"
        ),
        steps(
            [
                [
                    paragraph(
                        fmt(
                            "Declare a second environment in {}, with another id and project, and with {} from the start;"
                            " apply it.",
                            code(guide.spec_path),
                            code("encryption: {customerManagedKeys: true}"),
                        )
                    )
                ],
                [
                    paragraph(
                        "Stop what writes to the old one. Restore the old database's last backup into the new instance, which"
                        " encrypts it with its own key; copy buckets and tables. A cache fills by itself."
                    ),
                    shell(
                        gcloud(
                            "sql", "backups", "restore", "BACKUP_ID", restore_instance="NEW_INSTANCE",
                            backup_instance="OLD_INSTANCE", backup_project="old-project", project="new-project",
                        ),
                        gcloud("storage", "rsync", "gs://OLD_BUCKET", "gs://NEW_BUCKET", then="--recursive"),
                        "bq cp old-project:DATASET.TABLE new-project:DATASET.TABLE",
                    ),
                    paragraph(
                        fmt(
                            "The restored database has the users and grants of the old one: apply stacks {} and {} again.",
                            code("data"),
                            code("grants"),
                        )
                    ),
                ],
                [
                    paragraph(
                        fmt(
                            "Move the name ({}) to the new environment, look that all is well, and take the old one down.",
                            code("domain"),
                        )
                    )
                ],
            ]
        ),
    ]  # fmt: skip
