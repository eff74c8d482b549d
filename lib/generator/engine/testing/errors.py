"""What both engines must refuse: one function per mistake, with a pattern that both messages match.

Import this module after `generator.engine.activate` only.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import cdktf
from cdktf import Fn, TerraformOutput
from constructs import Construct

from generator.engine import google, postgresql
from generator.engine.testing.features.registry import Feature, an_instance, new_stack, outputs

MISTAKES: dict[str, tuple[str, Feature]] = {}


def mistake(words: str) -> Callable[[Feature], Feature]:
    def keep(function: Feature) -> Feature:
        MISTAKES[function.__name__] = (words, function)
        return function

    return keep


@mistake("There is already a Construct with name 'a' in ")
def an_id_given_twice(app: cdktf.App) -> None:
    stack = new_stack(app)
    google.service_account.ServiceAccount(stack, "a", account_id="a")
    google.service_account.ServiceAccount(stack, "a", account_id="a")


@mistake("There is already a Construct with name 's' in App")
def a_stack_given_twice(app: cdktf.App) -> None:
    new_stack(app, "s")
    new_stack(app, "s")


@mistake("There is already a Construct with name 'backend' in ")
def two_backends(app: cdktf.App) -> None:
    cdktf.GcsBackend(new_stack(app), bucket="b")


@mistake("Only root constructs may have an empty ID")
def an_empty_id(app: cdktf.App) -> None:
    Construct(new_stack(app), "")


@mistake("whitespace character")
def whitespace_in_a_stack_id(app: cdktf.App) -> None:
    cdktf.TerraformStack(app, "a b")


@mistake("glob character")
def glob_in_a_stack_id(app: cdktf.App) -> None:
    cdktf.TerraformStack(app, "a*")


@mistake("as the id of a construct")
def a_token_in_an_id(app: cdktf.App) -> None:
    stack = new_stack(app)
    account = google.service_account.ServiceAccount(stack, "a", account_id="a")
    TerraformOutput(stack, account.email, value="x")


@mistake("No stack could be identified for the construct")
def a_resource_outside_of_stacks(app: cdktf.App) -> None:
    outputs(app, email=google.service_account.ServiceAccount(app, "a", account_id="a").email)


@mistake("for the following providers: google")
def no_provider(app: cdktf.App) -> None:
    stack = cdktf.TerraformStack(app, "s")
    cdktf.GcsBackend(stack, bucket="b")
    google.service_account.ServiceAccount(stack, "a", account_id="a")


@mistake("no backend of its own")
def no_backend(app: cdktf.App) -> None:
    cdktf.TerraformStack(app, "s")


@mistake("may not be overridden once .fqn has been requested")
def an_id_changed_too_late(app: cdktf.App) -> None:
    account = google.service_account.ServiceAccount(new_stack(app), "a", account_id="a")
    str(account.fqn)
    account.override_logical_id("b")


@mistake("unescaped double quotes")
def quotes_in_a_function(app: cdktf.App) -> None:
    outputs(new_stack(app), x=Fn.upper('say "x"'))


@mistake("")
def text_for_a_number(app: cdktf.App) -> None:
    outputs(new_stack(app), x=Fn.max(["a"]))  # type: ignore[list-item]


@mistake("Found an encoded list token string in a scalar string context")
def an_item_of_an_unknown_list(app: cdktf.App) -> None:
    stack = new_stack(app)
    outputs(stack, x=an_instance(stack).available_maintenance_versions[0] + "-suffix")


@mistake("where CDKTF does not find it again")
def a_number_after_a_dash(app: cdktf.App) -> None:
    stack = new_stack(app)
    outputs(stack, x=f"port-{an_instance(stack).settings.disk_size}")


@mistake("Unrecognized Token Key 'TOKEN.999999'")
def a_token_nobody_made(app: cdktf.App) -> None:
    outputs(new_stack(app), x="${TfToken[TOKEN.999999]}")


@mistake("Found an encoded map token in a scalar string context")
def a_value_of_an_unknown_map(app: cdktf.App) -> None:
    stack = new_stack(app)
    labels = google.project.Project(stack, "p", name="n", project_id="x").labels
    outputs(stack, x=next(iter(labels.values())))


@mistake("unexpected keyword argument 'account_idd'")
def an_argument_that_does_not_exist(app: cdktf.App) -> None:
    google.service_account.ServiceAccount(new_stack(app), "a", account_id="a", account_idd="x")  # type: ignore[call-arg]


@mistake("account_id")
def an_argument_that_is_missing(app: cdktf.App) -> None:
    google.service_account.ServiceAccount(new_stack(app), "a")  # type: ignore[call-arg]


@mistake("function as argument")
def a_method_not_called(app: cdktf.App) -> None:
    outputs(new_stack(app), x=Fn.upper)


@mistake("name")
def a_number_for_a_string(app: cdktf.App) -> None:
    google.sql_user.SqlUser(new_stack(app), "u", name=5, instance="i")  # type: ignore[arg-type]


@mistake("passwordWoVersion|password_wo_version")
def a_string_for_a_number(app: cdktf.App) -> None:
    google.sql_user.SqlUser(new_stack(app), "u", name="n", instance="i", password_wo_version="1")  # type: ignore[arg-type]


@mistake("databaseRoles|database_roles|roles")
def a_string_for_a_list(app: cdktf.App) -> None:
    postgresql.role.Role(new_stack(app), "r", name="n", roles="reader")


@mistake("labels")
def numbers_in_a_map_of_strings(app: cdktf.App) -> None:
    google.project.Project(new_stack(app), "p", name="n", project_id="x", labels={"a": 1})  # type: ignore[dict-item]


@mistake("tier")
def a_wrong_type_inside_a_block(app: cdktf.App) -> None:
    an_instance(new_stack(app), settings=google.sql_database_instance.SqlDatabaseInstanceSettings(tier=1))  # type: ignore[arg-type]


@mistake("containers")
def a_struct_for_a_list_of_structs(app: cdktf.App) -> None:
    run = google.cloud_run_v2_service
    template = run.CloudRunV2ServiceTemplate(containers=run.CloudRunV2ServiceTemplateContainers(image="i"))  # type: ignore[arg-type]
    run.CloudRunV2Service(new_stack(app), "r", name="n", location="l", template=template)


@mistake("no value of type tuple: pass a list")
def a_tuple_for_a_list(app: cdktf.App) -> None:
    google.project.Project(new_stack(app), "p", name="n", project_id="x", tags={"a": ("b",)})  # type: ignore[dict-item]


@mistake("no value of type mappingproxy: pass a dict")
def a_mapping_that_is_no_dict(app: cdktf.App) -> None:
    google.project.Project(new_stack(app), "p", name="n", project_id="x", labels=MappingProxyType({"a": "b"}))


@mistake("no value of type set: pass a sorted list")
def a_set_for_a_set(app: cdktf.App) -> None:
    postgresql.role.Role(new_stack(app), "r", name="n", roles={"reader"})  # type: ignore[arg-type]
