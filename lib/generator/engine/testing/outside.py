"""What only the reference offers: one function per thing, with words that the refusal holds.

Import this module after `generator.engine.activate` only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cdktf
import constructs
import jsii
from constructs import Construct

from generator.engine import google
from generator.engine.testing.features.registry import an_instance, new_stack, outputs


def account(scope: Construct, id: str = "a", **more: Any) -> google.service_account.ServiceAccount:
    return google.service_account.ServiceAccount(scope, id, account_id="a", **more)


@jsii.implements(constructs.IValidation)
class Validation:
    def validate(self) -> list[str]:
        return []


def cross_stack(app: cdktf.App) -> None:
    outputs(new_stack(app, "reader"), email=account(new_stack(app, "owner")).email)


def cross_stack_depends_on(app: cdktf.App) -> None:
    account(new_stack(app, "second"), depends_on=[account(new_stack(app, "first"))])


def own_logical_ids(app: cdktf.App) -> None:
    class Mine(cdktf.TerraformStack):
        def _allocate_logical_id(self, element: Any) -> str:
            return "mine"

    Mine(app, "mine")


OUTSIDE: dict[str, tuple[str, Callable[[cdktf.App], object]]] = {
    "cross-stack reference": ("from stack reader to google_service_account.a.email of another stack", cross_stack),
    "cross-stack depends_on": ("from stack second to google_service_account.a of another", cross_stack_depends_on),
    "overridden method": ("Mine._allocate_logical_id, which overrides a member of TerraformStack", own_logical_ids),
    "aspects": ("cdktf.Aspects.of", lambda app: cdktf.Aspects.of(app)),
    "annotations": ("cdktf.Annotations.of", lambda app: cdktf.Annotations.of(app)),
    "iterators": ("cdktf.TerraformIterator.fromList", lambda app: cdktf.TerraformIterator.from_list(["a"])),
    "modules": ("cdktf.TerraformHclModule", lambda app: cdktf.TerraformHclModule(new_stack(app), "m", source="./m")),
    "assets": ("cdktf.TerraformAsset", lambda app: cdktf.TerraformAsset(new_stack(app), "a", path=".")),
    "lazy values": ("cdktf.Lazy.stringValue", lambda app: cdktf.Lazy.string_value(object())),  # type: ignore[arg-type]
    "another backend": ("cdktf.HttpBackend", lambda app: cdktf.HttpBackend(new_stack(app), address="a")),
    "another remote state": (
        "cdktf.DataTerraformRemoteStateHttp",
        lambda app: cdktf.DataTerraformRemoteStateHttp(new_stack(app), "h", address="a"),
    ),
    "moves": ("ServiceAccount.moveTo()", lambda app: account(new_stack(app)).move_to("x")),
    "imports": ("ServiceAccount.importFrom()", lambda app: account(new_stack(app)).import_from("x")),
    "validations": ("a value of type Validation", lambda app: app.node.add_validation(Validation())),
    "stack dependencies": (
        "TerraformStack.add_dependency",
        lambda app: new_stack(app, "a").add_dependency(new_stack(app, "b")),
    ),
    "provisioners": (
        "ServiceAccount(provisioners=…)",
        lambda app: account(new_stack(app), provisioners=[cdktf.LocalExecProvisioner(type="local-exec", command="x")]),
    ),
    "input of a block": (
        "SqlDatabaseInstance.settingsInput",
        lambda app: (
            an_instance(
                new_stack(app), settings=google.sql_database_instance.SqlDatabaseInstanceSettings(tier="t")
            ).settings_input
        ),
    ),
    "setting inside a block": (
        "setting SqlDatabaseInstanceSettingsOutputReference.tier",
        lambda app: setattr(an_instance(new_stack(app)).settings, "tier", "x"),
    ),
    "reference in place of a struct": (
        "settings given as SqlDatabaseInstanceSettingsOutputReference",
        lambda app: an_instance(new_stack(app), settings=an_instance(new_stack(app, "o")).settings),
    ),
    "map in place of a listed struct": (
        "a map in the place of a struct in rule",
        lambda app: google.compute_security_policy.ComputeSecurityPolicy(
            new_stack(app), "p", name="p", rule=[{"action": "deny"}]
        ),
    ),
    "synthesis by hand": ("App.synth()", lambda app: app.synth()),
    "a class of another kind": ("cdktf.Testing.app", lambda app: cdktf.Testing.app()),
    "asynchronous calls": ("jsii.ainvoke", lambda app: jsii.ainvoke(app, "x")),
}
