"""The reference pages, from the model, the tier table, the container contract and the codes."""

from __future__ import annotations

from typing import Any

from ..codes import DATE_CODES, FILE_CODES, PLATFORM_CODES, RESULT_CODES, RULE_CODES, TABLE_CODES, VALUE_CODES
from ..constants import CONTRACT, HEALTH_PATH, LIVE_PATH, READY_PATH, RESERVED_ENV_PREFIXES, VERSION_PATH
from ..findings import listed
from ..limits import MAX_POOL_SIZE, RESERVED_CONNECTIONS, VALKEY_NODES, default_max_connections
from ..model.base import Section
from ..model.root import ServiceSpec
from ..model.tiered import MIN_REASON_LENGTH
from ..platform import Platform
from ..policy import PLATFORM_EXCEPTIONS
from ..shapes import Key, Shape, keys_of
from ..templates import NAMES
from ..tiers import TABLE, Knob
from .alerts import alerts
from .msp import FIELDS

_GENERATED = "<!-- Generated from lib/spec; edits are overwritten. -->"


def service_page() -> str:
    """docs/reference/service-yaml.md"""
    return _page(
        "# service.yaml",
        _GENERATED,
        "One service: who it is, where its image is, and the environments it runs in. The file is"
        " `services/<id>/service.yaml`; the directory has the service's id as its name. It is YAML of the plain kind: no"
        ' anchors, aliases, merge keys or tags, one document, each key once. Nothing is coerced: write `"8080"` in quotes'
        " where text is meant, and `true` or `false`, never `yes` or `on`.",
        "The first line lets editors complete, explain and check every key:",
        "```yaml\n# yaml-language-server: $schema=../../schema/service.schema.json\n```",
        "The least that a spec must say:",
        f"```yaml\n{MINIMAL_SERVICE}```",
        "In the tables, **bold** keys are required; ⚠ marks keys that can't be changed later without destroying what they"
        " name.",
        *_sections(ServiceSpec, ()),
        *_tiers(),
        *alerts(),
        *_policy(),
        *_container(),
        *_budgets(),
        *_codes(
            "What is wrong with a spec is told as `file:line:column: error[code] key: found …; expected …; fix: …`, all"
            " findings of all specs in one run.",
            {
                "About the file": FILE_CODES,
                "About one key or value": VALUE_CODES,
                "About several together": RULE_CODES,
                "About the columns of a BigQuery table": TABLE_CODES,
                "About what the conformance kit measured": RESULT_CODES,
                "About dates": DATE_CODES,
            },
        ),
        *_replacements(),
    )


def platform_page() -> str:
    """docs/reference/platform-yaml.md"""
    return _page(
        "# platform.yaml",
        _GENERATED,
        "The organisation's settings, at the repository's root: no name, account, folder, domain or channel is anywhere"
        " else. The same strict YAML as in [service.yaml](service-yaml.md).",
        "The first line lets editors complete, explain and check every key:",
        "```yaml\n# yaml-language-server: $schema=schema/platform.schema.json\n```",
        "In the tables, **bold** keys are required.",
        *_sections(Platform, ()),
        *_codes(
            "The codes of [service.yaml](service-yaml.md#findings), and these:",
            {"About several values together": PLATFORM_CODES},
        ),
    )


MINIMAL_SERVICE = """\
service:
  id: accounts
  description: "Accounts of our customers: sign-in, profiles and organisations."
  owners: [identity]

environments:
  - id: dev
    projectId: accounts-dev-1f3a
    tier: test
    deploy:
      type: manual
      tag: main
    instances:
      cpu: 1
      memory: 512Mi
"""
"""A valid spec; a test reads it."""


def _page(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def _sections(section: type[Section], path: tuple[str, ...]) -> list[str]:
    """The table of a section, then those of the sections below it, in the model's order."""
    keys = keys_of(section)
    paragraphs = [f"## `{'.'.join(path)}`"] if path else ["## Top level"]
    if path:
        paragraphs.append(_text(section.__doc__ or ""))
    rows = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    rows += [_row(key) for key in keys]
    paragraphs.append("\n".join(rows))
    for key in keys:
        shape, suffix = key.shape, ""
        while shape.kind in ("list", "map") and shape.item is not None:
            suffix += "[]" if shape.kind == "list" else ".<name>"
            shape = shape.item
        if shape.kind == "section" and shape.section is not None:
            paragraphs += _sections(shape.section, (*path, f"{key.name}{suffix}"))
    return paragraphs


def _row(key: Key) -> str:
    name = f"**`{key.name}`**" if key.required else f"`{key.name}`"
    marks = (" ⚠" if key.immutable else "") + (f"<br>*{listed(key.only)} only*" if key.only else "")
    source = f" ([limits]({key.source}))" if key.source else ""
    return f"| {name}{marks} | {_cell(_value(key))} | {_cell(_default(key))} | {_cell(key.description)}{source} |"


def _value(key: Key) -> str:
    text = _words(key.shape)
    if key.unit is not None and key.shape.kind in ("integer", "number", "tiered"):
        text += f" ({key.unit})"
    if key.examples and key.shape.kind in ("text", "list"):
        example = key.examples[0]
        shown = f"[{', '.join(map(str, example))}]" if isinstance(example, list) else str(example)
        text += f"; for example `{shown}`"
    return text


def _words(shape: Shape) -> str:
    if shape.kind == "choice":
        return listed([f"`{choice}`" for choice in shape.choices])
    if shape.kind == "boolean":
        return "`true` or `false`"
    if shape.kind == "section":
        return "mapping, see below"
    assert shape.kind in ("text", "integer", "number") or shape.item is not None
    if shape.kind == "tiered" and shape.item is not None:
        return f"{_words(shape.item)}, or `{{value, reason}}`"
    if shape.kind == "list" and shape.item is not None:
        least = f" of at least {shape.minimum}" if shape.minimum else ""
        return f"list{least}, see below" if shape.item.kind == "section" else f"list{least}: {_words(shape.item)}"
    if shape.kind == "map" and shape.item is not None and shape.name is not None:
        value = "mapping, see below" if shape.item.kind == "section" else _words(shape.item)
        return f"mapping; names: {_words(shape.name)}; values: {value}"
    return shape.expected


def _default(key: Key) -> str:
    if key.required:
        return "required"
    if key.default_text is not None:
        return key.default_text
    if key.default in ((), {}):
        return "none"
    if isinstance(key.default, Section):
        return "the defaults below"
    return f"`{_yaml(key.default)}`"


def _tiers() -> list[str]:
    rows = ["| what | key | test | internal | external |", "| --- | --- | --- | --- | --- |"]
    rows.append("| Folder of the project | (`folders` in platform.yaml) | `test` | `internal` | `external` |")
    rows += [_tier_row(knob) for knob in TABLE]
    return [
        "## Tiers",
        (
            "An environment's tier decides the defaults of everything that is about safety. A value that is safer than the"
            " default may be written plainly. One that is less safe needs a reason of at least"
            f" {MIN_REASON_LENGTH} characters, which reviewers and the operations guide see:"
        ),
        "```yaml\nhighAvailability: {value: false, reason: the data can be rebuilt within an hour}\n```",
        "\n".join(rows),
        (
            "Standing access: `readWrite` is viewing, logs and writing to databases, caches, buckets, topics and queues; `read`"
            " is viewing, logs and reading databases and buckets; `metadata` is names, settings, states and metrics alone,"
            " without contents of logs and data."
        ),
        (
            "Whose use is recorded, person by person: with `data` that of databases; with `credentials` that of secrets and of"
            " identities taken on too; with `everything` also who reads logs and buckets."
        ),
    ]


def _tier_row(knob: Knob) -> str:
    key = f"`{knob.key}`" if knob.key else "not overridable"
    values = [f"`{_yaml(value)}`" for value in (knob.test, knob.internal, knob.external)]
    return f"| {knob.name} | {key} | {' | '.join(values)} |"


def _policy() -> list[str]:
    rows = ["| check | why no environment has to pass it |", "| --- | --- |"]
    rows += [
        f"| [`{check}`](https://www.checkov.io/5.Policy%20Index/terraform.html) | {_cell(reason)} |"
        for check, reason in PLATFORM_EXCEPTIONS.items()
    ]
    return [
        "## Policy",
        (
            "[checkov](https://www.checkov.io) scans what Terraform would make of every test environment. What it finds is"
            " mended; what is right for now stands under `policyExceptions` with a reason, an owner and a last day, is shown"
            " in the operations guide, and fails `check` from the day after. What is right everywhere is told here once:"
        ),
        "\n".join(rows),
    ]


def _container() -> list[str]:
    rows = ["| variable | when | meaning |", "| --- | --- | --- |"]
    whens = {"always": "always", "service": "kind service", "job": "kind job", "worker": "kind worker", "domain": "with `domain`", "iap": "with authentication `iap`", "guides": "where platform.yaml has `guides`"}
    for variable in CONTRACT:
        when = whens.get(variable.when, f"with `{variable.when}`")
        secret = " From Secret Manager." if variable.kind == "secret" else ""
        rows.append(f"| `{variable.name}` | {when} | {_cell(variable.meaning)}{secret} |")
    names = listed([f"`{{{{ {name} }}}}`" for name in NAMES], "and")
    return [
        "## What the container finds",
        (
            "A service listens on `$PORT` and answers Cloud Run's probes at"
            f" `{READY_PATH}` (can it take traffic: asked while it starts) and `{LIVE_PATH}` (does the process work: asked while"
            f" it runs). `{HEALTH_PATH}` gives details to people and needs `Authorization: Bearer $DIAGNOSTICS_SECRET`;"
            f" `{VERSION_PATH}` names the version."
        ),
        (
            "These variables are set by the platform. `env` and `secretEnv` may set none of them, and none that starts with"
            f" {listed([f'`{prefix}`' for prefix in RESERVED_ENV_PREFIXES])}."
        ),
        "\n".join(rows),
        (
            f"Values of `env` may refer to {names}; the last needs a `domain`. Everything else stands as it is, `${{` and `%{{`"
            " too."
        ),
    ]


def _budgets() -> list[str]:
    steps = [4, 6, 8, 15, 30, 60, 120]
    rows = ["| memoryGb from | connections |", "| --- | --- |"]
    rows += [f"| {memory} | {default_max_connections(memory)} |" for memory in steps]
    nodes = ["| node | memory |", "| --- | --- |"]
    nodes += [f"| {name} | {memory:g} GB |" for name, memory in VALKEY_NODES]
    return [
        "## Database connections",
        (
            f"Of PostgreSQL's connections {RESERVED_CONNECTIONS} are kept for Cloud SQL itself, for people and for migrations."
            " The rest is divided by `scaling.maxCount` (1 for a job, `count` for a worker): that is `PGPOOLSIZE`, at most"
            f" {MAX_POOL_SIZE}, and a spec in which it would be below 2 is refused. Without `maxConnections` Cloud SQL allows:"
        ),
        "\n".join(rows),
        "## Cache nodes",
        (
            "The smallest node with the memory asked for is taken; the first has no service level agreement and is used in tier"
            " test alone."
        ),
        "\n".join(nodes),
    ]


def _codes(introduction: str, groups: dict[str, dict[str, str]]) -> list[str]:
    paragraphs = ["## Findings", introduction]
    for title, codes in groups.items():
        rows = ["| code | meaning |", "| --- | --- |"]
        rows += [f"| `{code}` | {_cell(meaning)} |" for code, meaning in sorted(codes.items())]
        paragraphs += [f"### {title}", "\n".join(rows)]
    return paragraphs


def _replacements() -> list[str]:
    rows = ["| there | here | different |", "| --- | --- | --- |"]
    for field in FIELDS:
        here = "–" if field.here is None else "the same" if field.here == field.there else f"`{field.here}`"
        rows.append(f"| `{field.there}` | {here} | {_cell(field.words)} |")
    return [
        "## Coming from Sourcegraph's MSP",
        (
            "Every field of a spec there, and what is written here. `validate` says the same where it meets one that has"
            " another name or form. A README.md beside the spec is not copied into the operations guide: people read it where"
            " it lies."
        ),
        "\n".join(rows),
    ]


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(text: str) -> str:
    """Text inside a table. What looks like a tag would vanish, unless it stands in backticks."""
    parts = text.replace("|", "\\|").replace("\n", " ").split("`")
    return "`".join(part if index % 2 else part.replace("<", "&lt;") for index, part in enumerate(parts))


def _text(docstring: str) -> str:
    return " ".join(docstring.split())
