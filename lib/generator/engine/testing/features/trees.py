"""Stacks, constructs, ids, and the elements that are no resources. One function per feature, see `registry`."""

from __future__ import annotations

import cdktf
from cdktf import Fn, TerraformOutput, Token
from constructs import Construct

from generator.engine import google, postgresql
from generator.engine import random as random_provider
from generator.engine.testing.features.registry import feature, new_stack, outputs


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
def id_asked_before_it_is_overridden(app: cdktf.App) -> None:
    stack = new_stack(app)
    account = google.service_account.ServiceAccount(stack, "a", account_id="a")
    outputs(stack, email=account.email)  # fixes the id: what follows comes too late, without a word
    account.override_logical_id("late")
