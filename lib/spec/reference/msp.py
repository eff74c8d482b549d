"""Every field of a spec of Sourcegraph's Managed Services Platform, and what is written here in its place."""

from __future__ import annotations

from dataclasses import dataclass

from ..check.unknown import replaced_key


@dataclass(frozen=True)
class Field:
    """One field there. Paths have `[]` for items of lists and `<name>` for names, as in the tables of keys."""

    there: str
    here: str | None
    """The key that says the same; None where nothing does, and `different` or the validator's words say why."""
    different: str = ""

    @property
    def words(self) -> str:
        """What is different here; where nothing is said of its own, what `validate` says about the field."""
        keys = tuple(part.removesuffix("[]") for part in self.there.split("."))
        return self.different or ("" if self.there == self.here else replaced_key(keys) or "")


_E, _R, _A, _P = "environments[].", "environments[].resources.", "monitoring.alerts.", "environments[].resources.postgres."

FIELDS: tuple[Field, ...] = (
    Field("service.id", "service.id", "the directory's name too"),
    Field("service.name", "service.name"),
    Field("service.owners", "service.owners", "ids of `owners` in platform.yaml, looked at before Terraform runs"),
    Field("service.description", "service.description", "a placeholder is refused; it stands in the operations guide"),
    Field("service.notionPageID", None),
    Field("service.kind", "service.kind"),
    Field("service.protocol", "service.protocol"),
    Field("service.iam.services", "service.iam.apis"),
    Field("service.iam.roles", "service.iam.roles", "digits are taken; owner and editor are not"),
    Field("service.iam.permissions", "service.iam.permissions"),
    Field("build.image", "build.image", "by default the repository of platform.yaml and the service's id"),
    Field("build.source.repo", "build.source.repository"),
    Field("build.source.dir", "build.source.directory"),
    Field(f"{_E}id", f"{_E}id"),
    Field(f"{_E}projectID", f"{_E}projectId", "no two in the fleet are the same"),
    Field(f"{_E}category", f"{_E}tier"),
    Field(f"{_E}deploy.type", f"{_E}deploy.type"),
    Field(f"{_E}deploy.manual.tag", f"{_E}deploy.tag", "no default; outside tier test the image is named by `digest`"),
    Field(f"{_E}deploy.subscription.tag", f"{_E}deploy.tag", "looked up by `./pants msp-resolve-images`, never while generating"),
    Field(f"{_E}locations.gcpRegion", f"{_E}region"),
    Field(f"{_E}locations.gcpLocation", f"{_R}bigquery.location", "`region` or `multiRegion`; which one follows from the region"),
    Field(f"{_E}instances.resources.cpu", f"{_E}instances.cpu"),
    Field(f"{_E}instances.resources.memory", f"{_E}instances.memory"),
    Field(f"{_E}instances.resources.cloudRunGeneration", f"{_E}instances.executionEnvironment"),
    Field(f"{_E}instances.scaling.maxRequestConcurrency", f"{_E}instances.scaling.maxRequestConcurrency", "80 by default, not 1000"),
    Field(f"{_E}instances.scaling.minCount", f"{_E}instances.scaling.minCount", "the default is the tier's"),
    Field(f"{_E}instances.scaling.maxCount", f"{_E}instances.scaling.maxCount"),
    Field(f"{_E}env", f"{_E}env", "`{{ projectId }}` and `{{ dnsName }}` in place of Go's templates; nothing is escaped"),
    Field(f"{_E}secretEnv", f"{_E}secretEnv", "`@<number>` pins a version"),
    Field(f"{_E}secretVolumes.<name>.mountPath", f"{_E}secretVolumes.<name>.mountPath"),
    Field(f"{_E}secretVolumes.<name>.secret", f"{_E}secretVolumes.<name>.secret"),
    Field(f"{_E}alerting.opsgenie", f"{_E}monitoring.paging"),
    Field(f"{_E}allowDestroys", f"{_E}allowDestroys"),
    Field(f"{_E}domain.type", None, "delete it: a service without `domain` has none"),
    Field(f"{_E}domain.cloudflare.subdomain", f"{_E}domain.subdomain"),
    Field(f"{_E}domain.cloudflare.zone", f"{_E}domain.zone", "one of `domains` in platform.yaml"),
    Field(f"{_E}domain.cloudflare.proxied", f"{_E}domain.webApplicationFirewall"),
    Field(f"{_E}domain.networking.loadBalancerLogging", f"{_E}domain.logging"),
    Field(f"{_E}healthProbes.healthzProbes", f"{_E}healthProbes.enabled", "probes are on without the block too"),
    Field(f"{_E}healthProbes.timeout", f"{_E}healthProbes.timeoutSeconds"),
    Field(f"{_E}healthProbes.startupInterval", f"{_E}healthProbes.startupIntervalSeconds"),
    Field(f"{_E}healthProbes.livenessInterval", f"{_E}healthProbes.livenessIntervalSeconds"),
    Field(f"{_E}authentication", f"{_E}authentication", "without it nobody is let in; write `type: public` to let everybody in"),
    Field(f"{_E}authentication.sourcegraph", f"{_E}authentication.invokers"),
    Field(f"{_E}deadlineSeconds", f"{_E}deadlineSeconds"),
    Field(f"{_E}schedule.cron", f"{_E}schedule.cron", "in a time zone of your choice; the same findings whenever it is read"),
    Field(f"{_R}redis.memoryGB", f"{_R}redis.memoryGb"),
    Field(f"{_R}redis.highAvailability", f"{_R}redis.highAvailability", "the default is the tier's"),
    Field(f"{_R}postgreSQL.databases", f"{_P}databases", "one at least"),
    Field(f"{_R}postgreSQL.cpu", f"{_P}cpu"),
    Field(f"{_R}postgreSQL.memoryGB", f"{_P}memoryGb"),
    Field(f"{_R}postgreSQL.maxConnections", f"{_P}maxConnections"),
    Field(f"{_R}postgreSQL.highAvailability", f"{_P}highAvailability", "the default is the tier's"),
    Field(f"{_R}postgreSQL.logicalReplication", f"{_P}analytics"),
    Field(f"{_R}postgreSQL.logicalReplication.publications[].name", f"{_P}analytics.publications[].name", "the stream into BigQuery is made too"),
    Field(f"{_R}postgreSQL.logicalReplication.publications[].database", f"{_P}analytics.publications[].database"),
    Field(f"{_R}postgreSQL.logicalReplication.publications[].tables", f"{_P}analytics.publications[].tables"),
    Field(f"{_R}bigQueryDataset.tables", f"{_R}bigquery.tables", "columns in `bigquery/<table>.json`, not `<table>.bigquerytable.json`"),
    Field(f"{_R}bigQueryDataset.datasetID", f"{_R}bigquery.dataset"),
    Field(f"{_R}bigQueryDataset.projectID", f"{_R}bigquery.projectId"),
    Field(f"{_A}responseCodeRatios[].id", f"{_A}responseCodeRatios[].id"),
    Field(f"{_A}responseCodeRatios[].name", f"{_A}responseCodeRatios[].name"),
    Field(f"{_A}responseCodeRatios[].description", f"{_A}responseCodeRatios[].description"),
    Field(f"{_A}responseCodeRatios[].code", f"{_A}responseCodeRatios[].code", "either this or `codeClass`: neither is refused like both"),
    Field(f"{_A}responseCodeRatios[].codeClass", f"{_A}responseCodeRatios[].codeClass"),
    Field(f"{_A}responseCodeRatios[].excludeCodes", f"{_A}responseCodeRatios[].excludeCodes"),
    Field(f"{_A}responseCodeRatios[].ratio", f"{_A}responseCodeRatios[].ratio"),
    Field(f"{_A}responseCodeRatios[].durationMinutes", f"{_A}responseCodeRatios[].durationMinutes"),
    Field(f"{_A}customAlerts[].name", f"{_A}custom[].name", "the `id` is written beside it"),
    Field(f"{_A}customAlerts[].description", f"{_A}custom[].description"),
    Field(f"{_A}customAlerts[].severityLevel", f"{_A}custom[].severity"),
    Field(f"{_A}customAlerts[].condition.type", None, "delete it: queries are PromQL"),
    Field(f"{_A}customAlerts[].condition.query", f"{_A}custom[].query"),
    Field(f"{_A}customAlerts[].condition.durationMinutes", f"{_A}custom[].durationMinutes"),
    Field("monitoring.nobl9", "monitoring.slo"),
    Field("rollout.stages[].environment", "rollout.stages[].environment"),
    Field("rollout.suspended", "rollout.suspended"),
    Field("rollout.serviceAccount", "rollout.releasers"),
    Field("rollout.initialImageTag", "rollout.initialImage"),
)  # fmt: skip
"""In the order of a spec there (managed services platform as of August 2024)."""
