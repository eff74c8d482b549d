"""The codes of all findings and what each means. Codes are stable: tools and documents may refer to them."""

from __future__ import annotations

FILE_CODES: dict[str, str] = {
    "anchor-or-alias": "YAML's anchors and aliases are refused: a spec is read by people, and each value stands where it is used.",
    "byte-order-mark": "The file starts with a byte order mark, which some editors add to UTF-8.",
    "directive": "A line that starts with % is refused.",
    "duplicate-key": "A key stands twice in one mapping; YAML would silently keep the last.",
    "empty-file": "There is nothing in the file but comments.",
    "file-missing": "There is no such file.",
    "file-too-large": "The file is larger than a megabyte: hardly a spec.",
    "file-unreadable": "The file can't be read, or is a directory.",
    "invalid-character": "A control character, or one that editors and YAML count differently.",
    "invalid-yaml": "The file is no valid YAML. Nothing after this place was read.",
    "key-not-text": "A key that YAML does not read as text, such as a bare `on`.",
    "merge-key": "YAML's merge key `<<` is refused, like aliases.",
    "multiple-documents": "There is a second document in the file.",
    "not-a-mapping": "The file holds a list or a single value.",
    "not-utf-8": "The file is not text in UTF-8.",
    "tab": "A line is indented with a tab.",
    "tag": "YAML's tags (`!!str`, `!custom`) are refused.",
    "too-deep": "Mappings and lists are nested more deeply than any spec needs.",
}
"""About the file and its YAML, whatever it is meant to say."""

VALUE_CODES: dict[str, str] = {
    "ambiguous-value": "YAML 1.1 reads the value as something else than it looks: `no`, `on`, `010`, `1:30`, `2026-11-01`.",
    "duplicate-value": "A list holds a value twice.",
    "empty-value": "A key without a value.",
    "invalid-key": "A name that the platform or Google Cloud does not allow.",
    "invalid-value": "Text of a form that is not allowed.",
    "missing-key": "A required key is missing. The place shown is the mapping it belongs to.",
    "out-of-range": "A number or quantity outside its bounds.",
    "too-few": "A list or mapping with fewer entries than required.",
    "too-many": "A list or mapping with more entries than allowed.",
    "unknown-key": "No such key exists here. The finding names the nearest that does.",
    "unknown-value": "The value is not one of those that the key allows.",
    "wrong-type": "A value of another type: a number for text, text for a list.",
}
"""About a single key or value."""

RULE_CODES: dict[str, str] = {
    "basic-role": "Google's basic roles owner and editor are refused: they undo every narrower grant.",
    "broken-query": "A query in PromQL with a bracket or quote that is not closed.",
    "broken-template": "A value holds `{{` that does not belong to a reference.",
    "cache-in-several-regions": "A cache can be reached from its own region alone.",
    "canary-order": "The shares of a canary do not rise.",
    "cpu-memory-pair": "Cloud Run does not offer this memory with this many CPUs.",
    "cron-too-often": "The schedule runs more often than every 15 minutes.",
    "cron-too-rare": "The schedule's runs are more than 8 days apart.",
    "database-cpu": "Cloud SQL offers 1 CPU or an even number.",
    "database-memory": "Cloud SQL does not offer this memory with this many CPUs.",
    "deadline-above-interval": "A run may still be going when the next one starts.",
    "deleted-before-retention": "A bucket shall delete objects that it shall still keep.",
    "digest-required": "In tiers internal and external the image is named by its digest.",
    "display-name-length": "`<service.name> - <environment id>` does not fit into a Google project's display name.",
    "dns-name-too-long": "The DNS name does not fit into a certificate.",
    "domain-needs-public": "Who comes through a domain's load balancer has no identity token for Cloud Run to check.",
    "duplicate-alert": "Two alerts of the service have one id.",
    "duplicate-dataset": "Two environments of the fleet, or a service and its copies, claim one BigQuery dataset.",
    "duplicate-dns-name": "Two environments of the fleet claim one DNS name.",
    "duplicate-environment": "Two environments of the service have one id.",
    "duplicate-exception": "One finding of the policy scanner is excepted twice.",
    "duplicate-project": "Two environments of the fleet claim one Google project.",
    "duplicate-publication": "Two publications of an environment have one name.",
    "duplicate-service": "Two services of the fleet have one id.",
    "duplicate-variable": "A variable is set by `env` and by `secretEnv`.",
    "environment-not-in-rollout": "The environment is deployed to by a pipeline that does not go there.",
    "forbidden-mount": "Cloud Run mounts nothing below this directory.",
    "foreign-channel": "Google Cloud takes only notification channels of the environment's own project.",
    "iap-without-domain": "Identity-Aware Proxy stands in a domain's load balancer, and there is no domain.",
    "iap-without-members": "Nobody is listed who would get through Identity-Aware Proxy.",
    "id-differs-from-directory": "The service's id is not the name of its directory.",
    "image-lock-stale": "images.lock.yaml does not say what the spec asks for.",
    "image-missing": "Neither tag nor digest says which image to run, or no tag which one to follow.",
    "authorization-not-offered": "The platform has no OpenFGA server for services to ask.",
    "collector-not-offered": "The platform has no OpenTelemetry collector to run beside the service.",
    "image-unresolved": "Nobody has looked up yet what the tag of a subscription means.",
    "ingress-past-domain": "With ingress all, the load balancer and its firewall could be passed by.",
    "ingress-public": "Anybody on the Internet could call the service, with nothing before it.",
    "instance-too-big": "The containers of an instance together are bigger than Cloud Run's instances.",
    "interval-below-timeout": "A probe would ask again before the last answer is due.",
    "invalid-cron": "The schedule is no valid cron expression, or never fires.",
    "key-elsewhere": "Data shall be encrypted with a key that is in another place than they are.",
    "keys-in-several-regions": "A key of Cloud KMS encrypts what is in its own region alone.",
    "min-above-max": "More instances shall run at least than may run at most.",
    "mount-conflict": "Two secrets are mounted in one directory, or one inside the other's.",
    "no-analysts": "Data are given to analysts, and platform.yaml does not say who they are.",
    "no-multi-region": "BigQuery has no multi-region around the environment's region.",
    "nowhere-to-go": "A way out of the perimeter that does not say to which projects.",
    "one-code": "A ratio of response codes names exactly one of code and codeClass.",
    "own-secret-by-full-name": "A secret of the environment's own project is written with its project.",
    "own-topic-by-full-name": "A topic of the environment's own project is written with its project.",
    "paging-without-pager": "The environment's tier wakes somebody for alerts that can't wait, and nobody has a pager.",
    "placeholder": "The description is a placeholder such as TODO.",
    "port-taken": "Two containers of an instance can't listen on one port.",
    "project-id-form": "The project's id is not `<service id>-<environment id>-<suffix>`.",
    "reason-required": "A value is less safe than the tier's default, and no reason is given.",
    "region-not-allowed": "platform.yaml does not allow the region.",
    "regions-need-domain": "Several regions stand behind one load balancer, which is the domain's.",
    "reserved-alert": "A built-in alert has this id.",
    "reserved-database": "Cloud SQL has a database of this name already.",
    "reserved-secret": "Secrets whose id starts with `msp-` are the platform's own.",
    "reserved-variable": "The platform or Cloud Run sets this variable itself.",
    "restricted-word": "Google refuses project ids that contain this word.",
    "rollout-missing": "The environment is deployed to by a pipeline that the spec does not declare.",
    "service-not-shut": "An exception for an API that no perimeter shuts.",
    "stage-not-rollout": "The pipeline goes to an environment that is deployed to in another way.",
    "standby-without-recovery": "Cloud SQL needs point-in-time recovery for a standby.",
    "startup-too-long": "The startup probe would wait longer than Cloud Run does.",
    "secret-in-env": "A value of `env` that looks like a secret.",
    "template-without-domain": "`{{ dnsName }}` in an environment without a domain.",
    "tenant-project-missing": "Tables are to be copied before it is known which of Google's projects may enter the network.",
    "threshold-out-of-bounds": "The alert has no threshold, or not such a one.",
    "too-few-connections": "At full scale there would not be two database connections for each instance.",
    "too-many-owners": "The owners' ids together do not fit into a label.",
    "too-many-recipients": "Cloud Monitoring takes at most 16 notification channels for one alert.",
    "unknown-database": "A publication names a database that the spec does not declare.",
    "unknown-date": "There is no such day.",
    "unknown-environment": "The service has no such environment.",
    "unknown-owner": "No such owner is declared in platform.yaml.",
    "unknown-template": "There is no such name to refer to in a value.",
    "unknown-timezone": "The IANA database has no such time zone.",
    "unknown-topic": "No such topic is declared in the environment.",
    "unknown-zone": "No such DNS zone is declared in platform.yaml.",
    "variable-too-long": "The value is longer than Cloud Run takes.",
    "without-effect": "A key that would do nothing beside the others.",
    "wrong-kind": "A key that other kinds of workload have, such as one of services in a job.",
}
"""About several values of a spec together."""

PLATFORM_CODES: dict[str, str] = {
    "reason-required": "Time-bound access is switched off, and no reason is given.",
    "region-not-allowed": "The default region is not among those allowed.",
    "hostname-missing": "OpenTofu has to be told the host of the workspaces.",
    "one-backend": "State is kept in exactly one place.",
    "reserved-label": "The platform sets this label itself.",
    "secret-address": "Who knows this address may post to it, so it is a secret and can't stand in platform.yaml.",
    "terraform-out-of-order": "A tier has a newer Terraform than the tier before it.",
    "terraform-too-old": "This Terraform can't write secrets without keeping them in its state.",
    "unknown-region": "Cloud Run has no such region.",
    "without-effect": "A key that would do nothing beside the others.",
}
"""About several values of platform.yaml together."""

DATE_CODES: dict[str, str] = {
    "exception-expired": "The last day of a policy exception is past.",
    "exception-expires-soon": "A policy exception ends within a month (a warning).",
}
"""About dates, held against the day on which `check` runs. What is generated never depends on them."""

TABLE_CODES: dict[str, str] = {
    "invalid-json": "The file is no JSON. Nothing after this place was read.",
    "not-a-list": "The file holds something else than a list of columns.",
    "record-without-fields": "A record of which no field is known.",
    "reserved-column": "BigQuery keeps names with this beginning for itself.",
    "table-file-missing": "The spec declares a table, and the file with its columns is not there.",
    "table-file-unused": "A file with the columns of a table that the spec does not declare.",
}
"""About `bigquery/<table>.json`; what is said of single values in a spec is said of these too."""

RESULT_CODES: dict[str, str] = {
    "conformance-invalid": "The file holds something else than what the conformance kit measured.",
}
"""About `conformance.json`, which `runtime.conformance` writes."""

CODES: dict[str, str] = {**RESULT_CODES, **TABLE_CODES, **FILE_CODES, **VALUE_CODES, **PLATFORM_CODES, **RULE_CODES, **DATE_CODES}
"""All of them."""
