from __future__ import annotations

import pytest

from generator.terraform.schema import Schema
from generator.terraform.stack_changes import (
    INSTANCE,
    SERVICE,
    USER,
    Change,
    Stack,
    assign,
    drop,
    output,
    requires,
    settings,
    template,
)
from generator.terraform.validate import validate_stack

_WRONG: list[tuple[str, Change, str, str]] = [
    # what is wrong, how the stack is changed, where it is found, the kind of finding
    ("unknown type", lambda s: s["resource"].update(google_sql_usr={"a": {}}), "google_sql_usr.a", "unknown-type"),
    ("unknown data source", lambda s: s["data"].update(google_x={"a": {}}), "data.google_x.a", "unknown-type"),
    ("unknown ephemeral", lambda s: s["ephemeral"].update(google_x={"a": {}}), "ephemeral.google_x.a", "unknown-type"),
    ("unknown section", lambda s: s.update(resources={}), "resources", "unknown-section"),
    ("unknown argument", assign(SERVICE, ingres="x"), f"{SERVICE}.ingres", "unknown-argument"),
    (
        "unknown argument in a block",
        lambda s: template(s)["containers"][0].update(port=1),
        f"{SERVICE}.template.containers[0].port",
        "unknown-argument",
    ),
    ("missing argument", drop(SERVICE, "location"), f"{SERVICE}.location", "missing-argument"),
    ("argument set to null", assign(SERVICE, location=None), f"{SERVICE}.location", "missing-argument"),
    ("missing block", drop(SERVICE, "template"), f"{SERVICE}.template", "missing-block"),
    ("empty list of a block", assign(SERVICE, template=[]), f"{SERVICE}.template", "missing-block"),
    (
        "missing in a nested block",
        lambda s: template(s)["containers"][0].pop("image"),
        f"{SERVICE}.template.containers[0].image",
        "missing-argument",
    ),
    ("list for a string", assign(SERVICE, name=["x"]), f"{SERVICE}.name", "wrong-type"),
    ("word for a number", assign(USER, password_wo_version="two"), f"{USER}.password_wo_version", "wrong-type"),
    ("number for a boolean", assign(INSTANCE, deletion_protection=1), f"{INSTANCE}.deletion_protection", "wrong-type"),
    ("boolean for a number", assign(USER, password_wo_version=True), f"{USER}.password_wo_version", "wrong-type"),
    ("string for a map", assign("google_secret_manager_secret.owner", labels="x"), "owner.labels", "wrong-type"),
    ("string for a block", assign(SERVICE, template="x"), f"{SERVICE}.template", "wrong-type"),
    (
        "text for a list",
        assign("postgresql_grant.readers", privileges="a-${local.name}"),
        "postgresql_grant.readers.privileges",
        "wrong-type",
    ),
    (
        "object attribute for a number",
        assign(USER, password_wo_version="${google_sql_database_instance.main.settings}"),
        f"{USER}.password_wo_version",
        "wrong-type",
    ),
    ("value not accepted", assign(SERVICE, ingress="ALL"), f"{SERVICE}.ingress", "wrong-value"),
    ("read-only argument", assign(SERVICE, uri="https://x"), f"{SERVICE}.uri", "read-only"),
    (
        "two blocks for one",
        assign(INSTANCE, settings=[{"tier": "a"}, {"tier": "b"}]),
        f"{INSTANCE}.settings",
        "too-many-blocks",
    ),
    ("undeclared resource", output("${google_sql_user.other.name}"), "output.probe.value", "undeclared-reference"),
    (
        "undeclared data source",
        output("${data.terraform_remote_state.iam.outputs.x}"),
        "probe.value",
        "undeclared-reference",
    ),
    (
        "undeclared ephemeral",
        assign(USER, password_wo="${ephemeral.random_password.x.result}"),
        "password_wo",
        "undeclared-reference",
    ),
    ("undeclared local", output("${local.nme}"), "output.probe.value", "undeclared-reference"),
    ("undeclared variable", output("${var.x}"), "output.probe.value", "undeclared-reference"),
    ("count where there is none", output("${count.index}"), "output.probe.value", "undeclared-reference"),
    ("unknown path", output("${path.here}"), "output.probe.value", "undeclared-reference"),
    ("reference to an unknown type", output("${google_sql_usr.owner.name}"), "output.probe.value", "unknown-type"),
    ("unknown attribute", output("${google_sql_user.owner.nam}"), "output.probe.value", "unknown-attribute"),
    (
        "unknown attribute of a computed object",
        output("${google_sql_database_instance.main.ip_address[0].ip}"),
        "output.probe.value",
        "unknown-attribute",
    ),
    (
        "attribute of a list",
        output("${google_sql_database_instance.main.ip_address.ip_address}"),
        "output.probe.value",
        "unknown-attribute",
    ),
    (
        "index into a set",
        output("${google_cloud_run_v2_service.main.template[0].containers[0].env[0].name}"),
        "output.probe.value",
        "unknown-attribute",
    ),
    (
        "write-only argument is read",
        output("${google_sql_user.owner.password_wo}"),
        "output.probe.value",
        "unknown-attribute",
    ),
    ("something after a string", output("${google_sql_user.owner.name.x}"), "output.probe.value", "unknown-attribute"),
    ("broken expression", output("${google_sql_user.owner.name"), "output.probe.value", "bad-expression"),
    ("unknown function", output('${jsonencod("x")}'), "output.probe.value", "unknown-function"),
    (
        "ephemeral value in an output",
        output("${ephemeral.random_password.owner.result}"),
        "output.probe.value",
        "ephemeral-value",
    ),
    (
        "ephemeral value in a stored argument",
        assign(USER, password="${ephemeral.random_password.owner.result}"),
        f"{USER}.password",
        "ephemeral-value",
    ),
    (
        "ephemeral value through locals",
        lambda s: (
            s["locals"].update(a="${ephemeral.random_password.owner.result}", b="x${local.a}"),
            assign(USER, password="${local.b}")(s),
        ),
        f"{USER}.password",
        "ephemeral-value",
    ),
    (
        "depends_on nothing",
        assign(USER, depends_on=["google_sql_user.x"]),
        f"{USER}.depends_on[0]",
        "undeclared-reference",
    ),
    ("depends_on no reference", assign(USER, depends_on=["a b"]), f"{USER}.depends_on[0]", "bad-reference"),
    ("depends_on no list", assign(USER, depends_on="a.b"), f"{USER}.depends_on", "wrong-type"),
    (
        "ignore_changes of nothing",
        assign(USER, lifecycle={"ignore_changes": ["x"]}),
        f"{USER}.lifecycle.ignore_changes",
        "unknown-argument",
    ),
    (
        "lifecycle misspelt",
        assign(USER, lifecycle={"prevent_destory": True}),
        f"{USER}.lifecycle.prevent_destory",
        "unknown-argument",
    ),
    ("cycle", assign(INSTANCE, name="${google_sql_user.owner.name}"), INSTANCE, "cycle"),
    ("reference to itself", assign(USER, name="${google_sql_user.owner.name}"), USER, "cycle"),
    (
        "cycle of locals",
        lambda s: s["locals"].update(a="${local.b}", b="${local.a}"),
        "local.a",
        "cycle",
    ),
    ("output without value", lambda s: s["output"].update(x={}), "output.x.value", "missing-argument"),
    (
        "output misspelt",
        lambda s: s["output"]["service"].update(sensitiv=True),
        "output.service.sensitiv",
        "unknown-argument",
    ),
    (
        "no provider",
        lambda s: s["terraform"]["required_providers"].pop("random"),
        "random_password.owner",
        "missing-provider",
    ),
    (
        "provider not configured",
        lambda s: s["provider"].pop("postgresql"),
        "postgresql_grant.readers.provider",
        "missing-provider",
    ),
    ("no such alias", assign(USER, provider="google.second"), f"{USER}.provider", "missing-provider"),
    ("configured but not required", lambda s: s["provider"].update(aws=[{}]), "provider.aws", "unknown-provider"),
    (
        "provider argument",
        lambda s: s["provider"]["google"][0].update(regoin="x"),
        "provider.google.regoin",
        "unknown-argument",
    ),
    ("short source", requires("google", source="google"), "required_providers.google.source", "provider-source"),
    ("other source", requires("google", source="registry.terraform.io/x/google"), "google.source", "provider-source"),
    ("version range", requires("google", version="~> 6.0"), "required_providers.google.version", "provider-version"),
    ("other version", requires("google", version="6.49.0"), "required_providers.google.version", "provider-version"),
    ("no backend", lambda s: s["terraform"].pop("backend"), "terraform.backend", "missing-backend"),
    ("two backends", settings(backend={"gcs": {}, "local": {}}), "terraform.backend", "missing-backend"),
    ("resources as a list", lambda s: s["resource"].update(google_project=[]), "resource.google_project", "wrong-type"),
    (
        "dynamic block without content",
        lambda s: template(s).update(dynamic={"volumes": {"for_each": []}}),
        f"{SERVICE}.template.dynamic.volumes[0]",
        "wrong-type",
    ),
    (
        "dynamic block of no such type",
        lambda s: template(s).update(dynamic={"volume": {"for_each": [], "content": {}}}),
        f"{SERVICE}.template.dynamic.volume",
        "unknown-argument",
    ),
]


@pytest.mark.parametrize(("change", "key", "code"), [case[1:] for case in _WRONG], ids=[case[0] for case in _WRONG])
def test_what_is_wrong_is_found(stack: Stack, schema: Schema, change: Change, key: str, code: str) -> None:
    change(stack)
    found = [(finding.key, finding.code) for finding in validate_stack(stack, schema)]
    assert any(found_key.endswith(key) and found_code == code for found_key, found_code in found), found


def test_everything_wrong_is_found_at_once(stack: Stack, schema: Schema) -> None:
    together = ["unknown type", "unknown argument", "list for a string", "value not accepted", "no backend", "cycle"]
    for name, change, _, _ in _WRONG:
        if name in together:
            change(stack)
    codes = {finding.code for finding in validate_stack(stack, schema)}
    assert codes == {"unknown-type", "unknown-argument", "wrong-type", "wrong-value", "missing-backend", "cycle"}
