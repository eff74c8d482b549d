"""`rollout`: the pipeline that brings one release through environments, stage after stage."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Expect, Section, key
from .build import PinnedImage
from .deploy import ImageDigest
from .environment import EnvironmentId
from .tiered import Tiered

Percentage = Annotated[int, Field(ge=1, le=99)]

Releaser = Annotated[
    str,
    StringConstraints(
        pattern=r"^(user|group|serviceAccount):[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
    ),
    Expect("user:<email>, group:<email> or serviceAccount:<email>", "put its kind and a colon before the address"),
]

DEPLOY = "https://cloud.google.com/deploy/docs"


class Verification(Section):
    """A container that asks the new revision whether it does its work; ending with 0 means yes."""

    image: PinnedImage = key(
        "The image to run, by digest.",
        examples=("europe-west1-docker.pkg.dev/acme-artifacts/tools/smoke@sha256:" + "0" * 64,),
        source=f"{DEPLOY}/verify-deployment",
    )
    command: tuple[str, ...] = key(
        "What to run in it.", default=(), default_text="the image's own", examples=(["/bin/smoke"],)
    )
    arguments: tuple[str, ...] = key(
        "Its arguments.", default=(), default_text="the image's own", examples=(["--url=https://accounts.acme.example"],)
    )
    timeout_seconds: int = key("How long it may take.", default=300, ge=10, le=3600, unit="seconds")


class Stage(Section):
    """One environment on the way of a release."""

    environment: EnvironmentId = key("The environment; its `deploy.type` is rollout.", examples=("prod",))
    approval: Tiered[bool] | None = key(
        "Whether somebody has to approve a release before it comes to this environment.",
        default=None,
        default_text="by tier",
        source=f"{DEPLOY}/promote-release#manage_approvals_for_a_delivery_pipeline",
    )
    canary: tuple[Percentage, ...] = key(
        "Shares of the traffic (of a worker: of the instances), in percent and rising, that the new revision gets before it"
        " gets all of it.",
        default=(),
        default_text="none: all at once",
        max_length=10,
        only=("service", "worker"),
        examples=([10, 50],),
        source=f"{DEPLOY}/deployment-strategies/canary/cloud-run",
    )
    verify: Verification | None = key(
        "What checks the new revision after each step; a failure ends the rollout.",
        default=None,
        default_text="none",
        source=f"{DEPLOY}/verify-deployment",
    )


class Wait(Section):
    """Something that the pipeline does by itself after a time."""

    wait_minutes: int = key(
        "How long to wait before.",
        default=0,
        ge=0,
        le=20160,
        unit="minutes",
        source=f"{DEPLOY}/automation",
    )


class Rollback(Section):
    """What the pipeline does by itself when a rollout fails."""

    retries: int = key(
        "How often to try the failed step again first.",
        default=0,
        ge=0,
        le=10,
        unit="attempts",
        source=f"{DEPLOY}/automation",
    )


class Rollout(Section):
    """The delivery pipeline. It lies in the project of the last stage's environment."""

    stages: tuple[Stage, ...] = key(
        "The environments that a release goes through, in this order.",
        min_length=1,
        examples=([{"environment": "dev"}, {"environment": "prod", "canary": [10, 50]}],),
        source=f"{DEPLOY}/architecture",
    )
    initial_image: ImageDigest = key(
        "Digest of the image that runs until the first release comes; without effect after that.",
        examples=("sha256:" + "0" * 64,),
    )
    suspended: bool = key(
        "Stops the pipeline: no new release or rollout; what is on its way goes on.",
        default=False,
        source=f"{DEPLOY}/suspend-pipeline",
    )
    releasers: tuple[Releaser, ...] = key(
        "Who may make and promote releases, beside the CI of platform.yaml: user:, group: or serviceAccount: and its"
        " address. They do so as the service account `releaser`.",
        default=(),
        examples=(["serviceAccount:build@acme-automation.iam.gserviceaccount.com"],),
    )
    auto_promote: Wait | None = key(
        "Bring a release that came well to one stage to the next by itself; an approval is still waited for.",
        default=None,
        default_text="somebody promotes",
        source=f"{DEPLOY}/automation-rules",
    )
    auto_advance: Wait | None = key(
        "Go on from one share of a canary to the next by itself.",
        default=None,
        default_text="somebody advances",
        only=("service", "worker"),
        source=f"{DEPLOY}/automation-rules",
    )
    rollback: Rollback | None = key(
        "Bring back the release before when a rollout fails.",
        default=None,
        default_text="somebody rolls back",
        source=f"{DEPLOY}/automation-rules",
    )

    def stage(self, environment_id: str) -> Stage | None:
        """The stage of this environment, None where the pipeline does not go there."""
        return next((stage for stage in self.stages if stage.environment == environment_id), None)

    @property
    def last_environment(self) -> str:
        """Id of the environment whose project holds the pipeline."""
        return self.stages[-1].environment
