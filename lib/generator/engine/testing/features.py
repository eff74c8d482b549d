"""One function per feature of the engines: each builds stacks on an App, and both engines must make the same of them.

Import this module after `generator.engine.activate` only.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import cdktf
from cdktf import Fn, Op, TerraformOutput, Token
from constructs import Construct

from generator.engine import google, postgresql
from generator.engine import random as random_provider

Feature = Callable[[cdktf.App], None]
FEATURES: dict[str, Feature] = {}


def feature(function: Feature) -> Feature:
    FEATURES[function.__name__] = function
    return function


def new_stack(app: cdktf.App, id: str = "stack") -> cdktf.TerraformStack:
    """A stack with a backend and the Google provider."""
    stack = cdktf.TerraformStack(app, id)
    cdktf.GcsBackend(stack, bucket="state", prefix=id)
    google.provider.GoogleProvider(stack, "google", project="p", region="europe-west1")
    return stack


def outputs(stack: Construct, **values: object) -> None:
    for name, value in values.items():
        TerraformOutput(stack, name, value=value)


def an_instance(scope: Construct, id: str = "db", **more: object) -> google.sql_database_instance.SqlDatabaseInstance:
    return google.sql_database_instance.SqlDatabaseInstance(scope, id, database_version="POSTGRES_17", **more)  # type: ignore[arg-type]


@feature
def nothing_but_a_backend(app: cdktf.App) -> None:
    cdktf.GcsBackend(cdktf.TerraformStack(app, "empty"), bucket="b")


@feature
def backends(app: cdktf.App) -> None:
    cdktf.GcsBackend(
        cdktf.TerraformStack(app, "gcs"), bucket="b", prefix="p/q", impersonate_service_account="x@y.example"
    )
    cdktf.LocalBackend(cdktf.TerraformStack(app, "local"), path="state/terraform.tfstate", workspace_dir="w")
    cdktf.S3Backend(cdktf.TerraformStack(app, "s3"), bucket="b", key="k", region="eu-west-1", dynamodb_table="t")
    changed = cdktf.GcsBackend(cdktf.TerraformStack(app, "changed"), bucket="b")
    changed.add_override("prefix", "other")
    changed.add_override("kmsEncryptionKey", "k")


@feature
def several_stacks(app: cdktf.App) -> None:
    for id in ("b-stack", "a-stack", "10", "9", "Ä.stack"):
        google.service_account.ServiceAccount(new_stack(app, id), "run", account_id=id)


@feature
def nested_constructs(app: cdktf.App) -> None:
    stack = new_stack(app)
    outer = Construct(stack, "outer")
    inner = Construct(Construct(outer, "Resource"), "inner/with slash")
    for scope in (stack, outer, inner, Construct(inner, "Resource"), Construct(outer, "deep-outer")):
        account = google.service_account.ServiceAccount(scope, "account", account_id="a")
        google.service_account.ServiceAccount(Construct(scope, "Default"), "hidden", account_id="hidden")
        google.service_account.ServiceAccount(Construct(scope, "é ü"), "x.y", account_id="b")
        TerraformOutput(scope, "email", value=account.email)
    long = Construct(stack, "l" * 200)
    google.service_account.ServiceAccount(Construct(long, "m" * 100), "n", account_id="c")
    outputs(
        stack,
        paths=[inner.node.path, inner.node.id, outer.node.path, stack.node.path],
        children=[child.node.id for child in outer.node.children],
        scopes=[scope.node.id for scope in inner.node.scopes],
        found=str(inner.node.try_find_child("account") is not None) + str(inner.node.try_find_child("nobody") is None),
        scope=inner.node.scope.node.id if inner.node.scope else "",
        root=inner.node.root.node.path,
        text=outer.to_string(),
        tree=[found.node.path for found in outer.node.find_all()],
    )


@feature
def whole_numbers_as_ids_come_first(app: cdktf.App) -> None:
    stack = new_stack(app)
    for id in ("z", "10", "2", "02", "a"):
        google.provider.GoogleProvider(stack, id, alias=f"alias-{id}")


@feature
def context_values(app: cdktf.App) -> None:
    app.node.set_context("team", "identity")
    stack = new_stack(app)
    outputs(stack, team=app.node.try_get_context("team"), inherited=stack.node.try_get_context("team"))
    outputs(stack, missing=str(stack.node.try_get_context("nothing")))


@feature
def subclasses_of_constructs(app: cdktf.App) -> None:
    class Mine(cdktf.TerraformStack):
        def __init__(self, scope: Construct, id: str) -> None:
            super().__init__(scope, id)
            self.extra = "x"

    class Part(Construct):
        def __init__(self, scope: Construct, id: str) -> None:
            super().__init__(scope, id)
            TerraformOutput(self, "inside", value="v")

    stack = Mine(app, "mine")
    cdktf.GcsBackend(stack, bucket="b")
    Part(stack, "part")
    assert stack.extra == "x" and cdktf.TerraformStack.of(stack) is stack and cdktf.TerraformStack.is_stack(stack)


@feature
def providers(app: cdktf.App) -> None:
    stack = new_stack(app)
    west = google.provider.GoogleProvider(
        stack,
        "west",
        alias="west",
        project="q",
        default_labels={"costCenter": "x", "managed-by": "msp", "tags": "t"},
        batching=[google.provider.GoogleProviderBatching(enable_batching=True, send_after="5s")],
        add_terraform_attribution_label=False,
    )
    east = google.provider.GoogleProvider(stack, "east", alias="east", user_project_override=True)
    east.add_override("scopes", ["a", "b"])
    postgresql.provider.PostgresqlProvider(stack, "pg", host="h", port=5432, superuser=False)
    random_provider.provider.RandomProvider(stack, "random")
    account = google.service_account.ServiceAccount(stack, "a", account_id="a", provider=west)
    google.project_service.ProjectService(stack, "s", service="run.googleapis.com", provider=east)
    outputs(stack, alias=west.alias, address=west.fqn, project=west.project, none=str(east.project))
    outputs(stack, provider_of=account.provider.fqn if account.provider else "")
    postgresql.role.Role(stack, "role", name="r", roles=["a", "b"])


@feature
def attribute_tokens(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x", labels={"a": "b", "Cc": "d"})
    db = an_instance(stack)
    outputs(
        stack,
        string=project.number,
        interpolated=f"projects/{project.project_id}/{project.number}!",
        twice=f"{project.number}{project.number}",
        number=db.settings.disk_size,
        boolean=db.deletion_protection,
        list_of_strings=db.available_maintenance_versions,
        map_of_strings=project.labels,
        computed_map=project.effective_labels,
        map_lookup=project.effective_labels.lookup("team"),
        in_json=json.dumps({"email": project.number, "list": [project.name]}),
        in_list=[project.number, "literal", f"a{project.name}b"],
        in_map={"a": project.number, f"key-{project.number}": "v"},
        negated=db.settings.ip_configuration.ipv4_enabled.to_string(),  # type: ignore[union-attr]
    )
    assert Token.is_unresolved(project.number) and Token.is_unresolved(db.settings.disk_size)
    assert Token.is_unresolved(db.available_maintenance_versions) and not Token.is_unresolved("plain")


@feature
def nested_references(app: cdktf.App) -> None:
    stack = new_stack(app)
    db = an_instance(
        stack, settings=google.sql_database_instance.SqlDatabaseInstanceSettings(tier="t", edition="ENTERPRISE")
    )
    run = google.cloud_run_v2_service.CloudRunV2Service(
        stack, "run", name="r", location="l", template=google.cloud_run_v2_service.CloudRunV2ServiceTemplate()
    )
    certificate = google.certificate_manager_dns_authorization.CertificateManagerDnsAuthorization(
        stack, "auth", name="a", domain="d"
    )
    valkey = google.memorystore_instance.MemorystoreInstance(stack, "v", instance_id="v", location="l", shard_count=1)
    outputs(
        stack,
        list_item=db.ip_address.get(0).ip_address,
        item=db.server_ca_cert.get(0),
        whole_list=db.server_ca_cert,
        certificate=db.server_ca_cert.get(0).cert,
        single_block=db.settings.tier,
        nested_single=db.settings.ip_configuration.private_network,
        whole_single=db.settings.ip_configuration,
        of_set=db.settings.ip_configuration.authorized_networks,
        of_set_item=db.settings.ip_configuration.authorized_networks.get(0),
        of_set_attribute=db.settings.ip_configuration.authorized_networks.get(1).value,
        list_in_list=db.settings.ip_configuration.psc_config.get(0).allowed_consumer_projects,
        deep=run.template.containers.get(0).resources.limits,
        map_in_block=run.template.labels,
        whole_template=run.template,
        timeouts=run.timeouts.create,
        record=certificate.dns_resource_record.get(0).name,
        record_data=f"{certificate.dns_resource_record.get(0).data}.",
        endpoint=valkey.endpoints.get(0).connections.get(0).psc_auto_connection.get(0).ip_address,
        authority=valkey.managed_server_ca.get(0).ca_certs.get(0).certificates,
        address=db.ip_address.fqn,
        text=db.ip_address.to_string(),
    )
    google.sql_database.SqlDatabase(stack, "d", instance=db.name, name=db.ip_address.get(0).ip_address)


@feature
def numbers_and_lists_inside_strings(app: cdktf.App) -> None:
    stack = new_stack(app)
    db = an_instance(stack)
    size = db.settings.disk_size
    outputs(
        stack,
        number_in_text=f"{size} GB of {db.name}",
        number_after_dash=f"port-{Token.as_string(Token.as_any(size))}",
        number_twice=f"{size}/{size}",
        number_between=f"a{size}b",
        like_a_number="1e5 and 1.5e+300 and -2e10",
        json_number=json.dumps({"size": size}),
        list_item=Fn.element(db.available_maintenance_versions, 0),
    )


@feature
def terraform_expressions_by_hand(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x")
    outputs(
        stack,
        plain="${var.x}",
        inside=f"${{upper({project.number})}}",
        mixed=f"a ${{upper({project.number})}} b {project.name} c",
        nested=f'${{ {{ for k in [{project.number}] : k => "${{k}}" }} }}',
        braces="{not} }special{",
        braces_and_token=f"{{{project.number}}} }} {{",
        escaped=f"$${{literal}} {project.number}",
        dollar=f"${project.number}$",
        percent=f"%{{ if true }}{project.number}%{{ endif }}",
    )


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
                                secret_key_ref={"secret": "s", "version": "latest"}  # type: ignore[arg-type]
                            ),
                        ),
                    ],
                    resources=run.CloudRunV2ServiceTemplateContainersResources(limits={"cpu": "1"}, cpu_idle=True),
                    ports={"container_port": 8080},  # type: ignore[arg-type]
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
        settings={  # type: ignore[arg-type]
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
    local.expression = {"set": "later"}  # type: ignore[assignment]


@feature
def locals_and_variables(app: cdktf.App) -> None:
    stack = new_stack(app)
    local = cdktf.TerraformLocal(stack, "l", {"a": 1, "b": [True, None, 2.5], "c": None, "n": Token.null_value()})
    other = cdktf.TerraformLocal(Construct(stack, "nested"), "l", f"x-{local.as_string}")
    other.add_override("ignored", 1)
    variable = cdktf.TerraformVariable(
        stack,
        "v",
        type=cdktf.VariableType.STRING,
        default="d",
        description="text",
        sensitive=True,
        nullable=False,
        validation=[
            cdktf.TerraformVariableValidationConfig(condition="${length(var.v) > 3}", error_message="too short")
        ],
    )
    for number, type in enumerate(
        [
            cdktf.VariableType.LIST_STRING,
            cdktf.VariableType.MAP_NUMBER,
            cdktf.VariableType.ANY,
            cdktf.VariableType.list("string"),
            cdktf.VariableType.object({"a": "string", "b": "number"}),
            cdktf.VariableType.tuple("string", "bool"),
        ]
    ):
        cdktf.TerraformVariable(stack, f"v-{number}", type=type, default={"camelCase": {"innerKey": 1}})
    variable.add_override("extra", 1)
    outputs(
        stack,
        expression=local.expression,
        text=local.as_string,
        number=local.as_number,
        items=local.as_list,
        string_map=local.as_string_map,
        number_map=local.as_number_map,
        boolean_map=local.as_boolean_map,
        any_map=local.as_any_map,
        boolean=local.as_boolean,
        address=local.fqn,
        itself=local,
        as_text=local.to_string(),
        variable=variable.string_value,
        variable_number=variable.number_value,
        variable_list=variable.list_value,
        variable_boolean=variable.boolean_value,
        variable_any=variable.value,
        variable_text=f"{variable.to_string()}!",
        variable_type=variable.type,
    )


@feature
def all_about_outputs(app: cdktf.App) -> None:
    stack = new_stack(app)
    account = google.service_account.ServiceAccount(stack, "a", account_id="a")
    scope = Construct(stack, "scope")
    TerraformOutput(scope, "static", value="v", static_id=True)
    TerraformOutput(scope, "hashed", value="v", description="d", sensitive=True, depends_on=[account])
    TerraformOutput(stack, "false", value=False, sensitive=False, depends_on=[])
    TerraformOutput(stack, "element", value=account)
    TerraformOutput(stack, "elements", value={"list": [account, account.email], "n": 0})
    changed = TerraformOutput(stack, "changed", value="v")
    changed.static_id = True
    changed.value = [1, 2.0, 1e21, 2**60 + 1, 1e-7, 0.1, -0.0, 123456789012345680000]
    changed.add_override("precondition", [{"condition": "${true}", "error_message": "m"}])
    outputs(stack, read=[changed.friendly_unique_id, str(changed.static_id), str(account.friendly_unique_id)])


@feature
def remote_state(app: cdktf.App) -> None:
    stack = new_stack(app)
    state = cdktf.DataTerraformRemoteStateGcs(stack, "iam", bucket="b", prefix="svc/prod/iam", workspace="w")
    google.service_account.ServiceAccount(stack, "a", account_id=state.get_string("account"), depends_on=[state])
    local = cdktf.DataTerraformRemoteStateLocal(
        Construct(stack, "nested"), "other", path="p", defaults={"camelCase": "kept"}
    )
    state.add_override("config.extra", "x")
    outputs(
        stack,
        text=f"x-{state.get_string('text')}",
        number=state.get_number("number"),
        items=state.get_list("items"),
        boolean=state.get_boolean("boolean"),
        anything=state.get("object"),
        element=Fn.element(state.get_list("items"), 0),
        other=local.get_string("x"),
        address=state.fqn,
    )


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
        depends_on=[],  # type: ignore[arg-type]
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
def id_asked_before_it_is_overridden(app: cdktf.App) -> None:
    stack = new_stack(app)
    account = google.service_account.ServiceAccount(stack, "a", account_id="a")
    outputs(stack, email=account.email)  # fixes the id: what follows comes too late, without a word
    account.override_logical_id("late")


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
    db.put_settings(tier="u", ip_configuration={"ipv4_enabled": False})  # type: ignore[arg-type]
    db.reset_deletion_protection()
    outputs(stack, type=project.terraform_resource_type, static=google.project.Project.TF_RESOURCE_TYPE)


@feature
def functions_with_tokens(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x", labels={"a": "b"})
    db = an_instance(stack)
    outputs(
        stack,
        join=Fn.join(",", [project.name, "x", f"{project.number}-y"]),
        join_token=Fn.join(",", db.available_maintenance_versions),
        element=Fn.element(["a", project.name], 1),
        lookup=Fn.lookup(project.labels, "a"),
        lookup_default=Fn.lookup(project.labels, "a", "none"),
        lookup_name=Fn.lookup({"a": "b", "c-d": project.name}, "c-d"),
        lookup_nested=Fn.lookup_nested(project, ["labels", "x-y", 0, "*", "name"]),
        lookup_complex=Fn.lookup_nested(db.ip_address, [0, "ip_address"]),
        jsonencode=Fn.jsonencode({"a": project.name, "b": [1, True, "${x}"], "c": {"d": 1.5}}),
        jsonencode_text=Fn.jsonencode("plain"),
        base64=Fn.base64encode(f"{project.name}:{project.number}"),
        multiline=Fn.base64encode("a\nb ${c}"),
        nested=Fn.upper(Fn.trimsuffix(project.name, ".gserviceaccount.com")),
        nested_text=f"{Fn.upper(project.name)}-{Fn.lower('X')}",
        raw=Fn.base64encode(Fn.raw_string('say "x" ${y}')),
        raw_alone=Fn.raw_string('say "x"'),
        number=Fn.max([1, db.settings.disk_size, 2.5]),
        boolean=Fn.alltrue([True, db.deletion_protection]),
        condition=Fn.conditional(db.deletion_protection, project.name, "none"),
        condition_text=Token.as_string(Fn.conditional(Op.gt(db.settings.disk_size, 10), 1, 2)),
        range=Fn.range(1, 5),
        range_step=Fn.range(1, 9, 2),
        bcrypt=Fn.bcrypt("x", 10),
        bcrypt_default=Fn.bcrypt(project.name),
        merge=Fn.merge([project.labels, {"x": "y"}]),
        tolist=Fn.tolist(db.settings.ip_configuration.authorized_networks),
        length=Fn.length_of(db.server_ca_cert),
        in_expression=f"${{length({Fn.jsonencode(project.name)})}}",
        quoted=Fn.upper('\\"quoted\\"'),
        format=Fn.format("%s-%s", [project.name, "x"]),
    )
    google.project.Project(
        stack,
        "q",
        name=Fn.substr(project.name, 0, 5),
        project_id="y",
        labels=Token.as_string_map(Fn.merge([project.labels])),
    )


@feature
def operators(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x")
    size = an_instance(stack).settings.disk_size
    binary = ("add", "sub", "mul", "div", "mod", "gt", "gte", "lt", "lte", "eq", "neq", "and_", "or_")
    for name in binary:
        outputs(stack, **{f"op_{name}": getattr(Op, name)(size, 2)})
    outputs(
        stack,
        not_=Op.not_(Op.eq(project.name, "x")),
        negate=Op.negate(size),
        zero=Op.sub(size, 0),
        nested=Op.add(Op.mul(size, 2), 1),
        text=f"{Op.add(1, 2)} GB",
    )


@feature
def token_helpers(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x")
    outputs(
        stack,
        number=Token.as_number("${var.n}"),
        number_of=Token.as_number(5),
        string=Token.as_string({"a": project.name}),
        string_of_number=f"n={Token.as_string(5)} b={Token.as_string(True)} f={Token.as_string(0.000001)}",
        strings=Token.as_list("${var.l}"),
        numbers=Token.as_number_list("${var.l}"),
        numbers_in=[*Token.as_number_list("${var.l}")],
        a_map=Token.as_string_map("${var.m}"),
        any=Token.as_any({"x": [project.number]}),
        null=Token.null_value(),
        nulls={"a": Token.null_value(), "b": [Token.null_value(), None]},
        plain=Token.as_string("plain"),
    )
    google.project.Project(stack, "q", name="q", project_id="x", org_id=Token.as_string(Token.null_value()))


@feature
def strange_text(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x")
    texts = [
        "",
        " ",
        "line\nbreak",
        'quote"s',
        "back\\slash",
        "é✓😀",
        "\u2028",
        "${TfToken[",
        "TfToken[x]}",
        "\x7f\x01",
    ]
    outputs(stack, texts=texts, mixed=[f"{text}{project.name}{text}" for text in texts])
    outputs(stack, functions=[Fn.upper(text) for text in texts if '"' not in text and "TfToken" not in text])
    outputs(stack, keys={text: 1 for text in texts if "TfToken" not in text})
