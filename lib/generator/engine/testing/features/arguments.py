"""Arguments of resources: structs, tokens, meta-arguments, overrides, later changes. One function per feature, see `registry`."""

from __future__ import annotations

import cdktf
from cdktf import Fn, Op, Token
from constructs import Construct

from generator.engine import google, postgresql
from generator.engine.testing.features.registry import an_instance, feature, new_stack, outputs


@feature
def struct_nestings(app: cdktf.App) -> None:
    run = google.cloud_run_v2_service
    stack = new_stack(app)
    run.CloudRunV2Service(
        stack,
        "service",
        name="s",
        location="l",
        labels={"camelCase": "1", "with-dash": "2"},
        deletion_protection=False,
        invoker_iam_disabled=True,
        template=run.CloudRunV2ServiceTemplate(
            scaling=run.CloudRunV2ServiceTemplateScaling(min_instance_count=0, max_instance_count=10),
            containers=[
                run.CloudRunV2ServiceTemplateContainers(
                    image="i",
                    env=[
                        run.CloudRunV2ServiceTemplateContainersEnv(name="A", value=""),
                        run.CloudRunV2ServiceTemplateContainersEnv(
                            name="B",
                            value_source=run.CloudRunV2ServiceTemplateContainersEnvValueSource(
                                secret_key_ref={"secret": "s", "version": "latest"}
                            ),
                        ),
                    ],
                    resources=run.CloudRunV2ServiceTemplateContainersResources(limits={"cpu": "1"}, cpu_idle=True),
                    ports={"container_port": 8080},
                ),
                run.CloudRunV2ServiceTemplateContainers(image="sidecar", args=[], command=["a", "b"]),
            ],
            volumes=[],
            vpc_access=run.CloudRunV2ServiceTemplateVpcAccess(),
            timeout=None,
        ),
        timeouts=run.CloudRunV2ServiceTimeouts(create="10m"),
    )
    an_instance(
        stack,
        settings={
            "tier": "t",
            "disk_size": 10.0,
            "database_flags": [
                google.sql_database_instance.SqlDatabaseInstanceSettingsDatabaseFlags(name="a", value="b")
            ],
            "ip_configuration": {
                "authorized_networks": [
                    google.sql_database_instance.SqlDatabaseInstanceSettingsIpConfigurationAuthorizedNetworks(value="v")
                ]
            },
        },
    )


@feature
def tokens_as_arguments(app: cdktf.App) -> None:
    stack = new_stack(app)
    db = an_instance(stack)
    project = google.project.Project(stack, "p", name="n", project_id="x")
    labels = cdktf.TerraformLocal(stack, "labels", {"a": "b"})
    google.project.Project(
        stack,
        "q",
        name=f"{project.name}-2",
        project_id=Token.as_string(labels.expression),
        labels=labels.as_string_map,
        auto_create_network=db.deletion_protection,
    )
    an_instance(
        stack,
        "replica",
        deletion_protection=db.settings.ip_configuration.ipv4_enabled,
        settings=google.sql_database_instance.SqlDatabaseInstanceSettings(
            tier=db.settings.tier,
            disk_size=db.settings.disk_size,
            user_labels=project.labels,
            pricing_plan=Fn.join("-", [db.name, "x"]),
        ),
        replica_names=db.available_maintenance_versions,
    )
    google.compute_security_policy.ComputeSecurityPolicy(
        stack, "list-of-blocks", name="s", rule=cdktf.TerraformLocal(stack, "rules", []).expression
    )


@feature
def copies_are_taken(app: cdktf.App) -> None:
    stack = new_stack(app)
    labels = {"a": "b"}
    values = ["a"]
    google.project.Project(stack, "p", name="n", project_id="x", labels=labels)
    postgresql.provider.PostgresqlProvider(stack, "pg")
    postgresql.role.Role(stack, "r", name="r", roles=values)
    local = cdktf.TerraformLocal(stack, "l", labels)
    labels["late"] = "x"
    values.append("late")
    local.expression = {"set": "later"}


@feature
def meta_arguments(app: cdktf.App) -> None:
    stack = new_stack(app)
    first = google.service_account.ServiceAccount(stack, "first", account_id="a")
    nested = google.service_account.ServiceAccount(Construct(stack, "scope"), "second", account_id="b")
    count = cdktf.TerraformCount.of(3)
    google.service_account.ServiceAccount(
        stack,
        "guarded",
        account_id="c",
        depends_on=[first, nested],
        lifecycle=cdktf.TerraformResourceLifecycle(
            prevent_destroy=True, create_before_destroy=True, ignore_changes=["display_name", "annotations"]
        ),
    )
    google.service_account.ServiceAccount(
        stack,
        "all",
        account_id="d",
        lifecycle={"ignore_changes": "all"},
        depends_on=[],
    )
    google.service_account.ServiceAccount(
        stack,
        "conditions",
        account_id="e",
        lifecycle=cdktf.TerraformResourceLifecycle(
            replace_triggered_by=[first, "google_project.x.number"],
            precondition=[cdktf.Precondition(condition="${true}", error_message="no")],
            postcondition=[cdktf.Postcondition(condition=Op.eq(first.email, "x"), error_message="no")],
        ),
    )
    google.service_account.ServiceAccount(stack, "counted", account_id=f"e-{Token.as_string(count.index)}", count=count)
    google.service_account.ServiceAccount(stack, "twice", account_id="f", count=2)
    many = google.service_account.ServiceAccount(
        stack, "many", account_id="g", count=an_instance(stack).settings.disk_size
    )
    many.lifecycle = cdktf.TerraformResourceLifecycle(prevent_destroy=True)
    outputs(stack, count=google.service_account.ServiceAccount(stack, "n", account_id="h", count=5).count)


@feature
def overrides(app: cdktf.App) -> None:
    stack = new_stack(app)
    run = google.cloud_run_v2_job
    job = run.CloudRunV2Job(
        stack,
        "job",
        name="j",
        location="l",
        labels={"a": "b"},
        template=run.CloudRunV2JobTemplate(
            template=run.CloudRunV2JobTemplateTemplate(
                max_retries=3,
                containers=[run.CloudRunV2JobTemplateTemplateContainers(image="i", args=["x"])],
            )
        ),
    )
    job.add_override("template.template.max_retries", 0)
    job.add_override("template.template.containers.0.image", "other")
    job.add_override("template.template.containers.1", {"image": "added"})
    job.add_override("labels.added", "c")
    job.add_override("labels.a", None)
    job.add_override("location", None)
    job.add_override("nothing", None)
    job.add_override("list", [1, None, {"a": None, "b": job.name}])
    job.add_override("deep.er.path", {"x": Fn.join("-", [job.name, "y"])})
    job.add_override("deep.er", "replaced")
    job.add_override("deep.er.again", 1)
    job.add_override("null", Token.null_value())
    job.add_override("//.note", "kept")
    secret = google.secret_manager_secret_version.SecretManagerSecretVersion(stack, "v", secret="s")
    secret.add_override("secret_data_wo", "${ephemeral.random_password.p.result}")
    secret.add_override("secret_data_wo_version", 1)
    renamed = google.service_account.ServiceAccount(Construct(stack, "scope"), "a", account_id="a")
    renamed.override_logical_id("chosen")
    reset = google.service_account.ServiceAccount(Construct(stack, "other"), "a", account_id="a")
    reset.override_logical_id("chosen")
    reset.reset_override_logical_id()
    stack.add_override("ephemeral", {"random_password": {"p": {"length": 32}}})
    stack.add_override("ephemeral.random_password.q", {"length": 16, "special": False})
    stack.add_override("terraform.required_version", "~> 1.11.0")
    stack.add_override("terraform.required_providers.random", {"source": "registry.example/random", "version": "1"})
    stack.add_override("moved", [{"from": renamed.fqn, "to": "google_service_account.other"}])
    outputs(stack, renamed=renamed.email, reset=reset.email)


@feature
def setters_puts_and_resets(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x", org_id="1", labels={"a": "b"})
    outputs(
        stack, inputs=[project.name_input, str(project.folder_id_input), project.org_id_input, project.labels_input]
    )
    project.name = "changed"
    project.labels = {"c": "d"}
    project.reset_org_id()
    project.put_timeouts(create="1m")
    db = an_instance(stack, settings=google.sql_database_instance.SqlDatabaseInstanceSettings(tier="t"))
    db.put_settings(tier="u", ip_configuration={"ipv4_enabled": False})
    db.reset_deletion_protection()
    outputs(stack, type=project.terraform_resource_type, static=google.project.Project.TF_RESOURCE_TYPE)
