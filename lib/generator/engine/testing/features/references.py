"""References between elements: tokens in every disguise, expressions, functions. One function per feature, see `registry`."""

from __future__ import annotations

import json

import cdktf
from cdktf import Fn, Op, Token

from generator.engine import google
from generator.engine.native.signatures import SIGNATURES
from generator.engine.testing.features.registry import an_instance, feature, new_stack, outputs


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
def every_function(app: cdktf.App) -> None:
    stack = new_stack(app)
    project = google.project.Project(stack, "p", name="n", project_id="x")
    samples: dict[str, object] = {
        "text": f"a-{project.name}",
        "number": 2.5,
        "any": {"k": [project.number, 1, True]},
        "list": ["a", project.number],
        "*any": [["a"], project.number, {"k": 1}],
        "*number": [1, 2.5],
    }
    methods = {
        member.__jsii_name__: getattr(Fn, name)
        for cls in Fn.__mro__
        for name, member in vars(cls).items()
        if isinstance(member, classmethod) and hasattr(member, "__jsii_name__")
    }
    for name, (_, *kinds) in SIGNATURES.items():
        if name not in ("join", "lookup", "range", "bcrypt"):  # more than a table's row: called by name above
            method = methods["lengthOf" if name == "length" else name]
            outputs(stack, **{name: method(*(samples[kind] for kind in kinds))})
