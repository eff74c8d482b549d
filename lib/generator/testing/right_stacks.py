"""Changes to the correct stack that leave it correct."""

from __future__ import annotations

from generator.testing.stack_changes import (
    INSTANCE,
    SERVICE,
    USER,
    Change,
    assign,
    body,
    output,
    project,
    template,
)

RIGHT: list[tuple[str, Change]] = [
    ("a number given as text", assign(USER, password_wo_version="2")),
    ("a boolean given as text", assign(INSTANCE, deletion_protection="true")),
    ("a number for a string", assign(SERVICE, name=5)),
    ("one block as an object or as a list", lambda s: body(s, SERVICE).update(template=[template(s)])),
    ("a block set to null", assign(SERVICE, traffic=None)),
    ("an escaped template", assign(SERVICE, name="$${not.a.reference}")),
    ("a splat", output("${google_sql_database_instance.main.ip_address[*].ip_address}")),
    ("the first of a set", output("${tolist(google_cloud_run_v2_service.main.template[0].containers[0].env)[0]}")),
    ("an ephemeral value made null", output("${ephemeralasnull(ephemeral.random_password.owner.result)}")),
    ("the workspace and the path", output("${terraform.workspace}${path.module}")),
    ("a whole resource", output("${google_sql_user.owner}")),
    ("a map's key", output('${google_secret_manager_secret.owner.effective_labels["a"]}')),
    ("an output of another stack", output("${data.terraform_remote_state.project.outputs.a}")),
    ("count", lambda s: s["resource"].update(project(count=2, folder_id="${count.index}"))),
    (
        "an instance of a counted resource",
        lambda s: (s["resource"].update(project(count=2)), output("${google_project.extra[0].number}")(s)),
    ),
    (
        "all instances",
        lambda s: (
            s["resource"].update(project(for_each={})),
            output("${values(google_project.extra)[*].number}")(s),
        ),
    ),
    (
        "the instance of a key",
        lambda s: (
            s["resource"].update(project(for_each={"a": "b"})),
            output('${google_project.extra["a"].number}')(s),
        ),
    ),
    (
        "replace_triggered_by an attribute",
        assign(USER, lifecycle={"replace_triggered_by": ["google_sql_database_instance.main.name"]}),
    ),
    ("a conversion function", assign("postgresql_grant.readers", privileges='${toset(["SELECT"])}')),
    (
        "dynamic blocks",
        lambda s: template(s).update(
            dynamic={"volumes": {"for_each": ["a"], "content": {"name": "${volumes.value}", "empty_dir": {}}}}
        ),
    ),
    (
        "an alias",
        lambda s: (s["provider"]["google"].append({"alias": "second"}), assign(USER, provider="google.second")(s)),
    ),
    ("a remark", lambda s: s.update({"//": {"generated": "by"}})),
]
