"""`msp_service()`, what a team writes in its BUILD file.

A target generator can only make addresses of the form `dir:name#generated`. A macro declares one target for each artefact,
so that `services/accounts:infra` and `services/accounts:docs` are addresses as they stand.
"""

from typing import Callable, Optional, Sequence

from msp.target_types import MspAppTarget, MspDevTarget, MspDocsTarget, MspInfraTargetGenerator

from pants.base.parse_context import ParseContext


def msp_service_factory(parse_context: ParseContext) -> Callable[..., None]:
    """Binds `msp_service` to the BUILD file that is being read.

    It has to be a plain function: its signature and docstring are what `./pants help msp_service` shows.
    """

    def msp_service(
        *,
        entry_point: Optional[str] = None,
        resolve: str = "services",
        description: Optional[str] = None,
        tags: Sequence[str] = (),
    ) -> None:
        """A managed service, described by the `service.yaml` beside this BUILD file.

        It declares one target for each thing that is made from the spec:

            :infra        Terraform for every environment; `:infra#prod` for the environment `prod` alone
            :docs         the operations guide
            :app          the program, with what it imports
            :dev          the program on this machine, with a database and a cache of its own

        For example, `services/accounts/BUILD` holds

            msp_service()

        and then

            ./pants package services/accounts:infra        # Terraform, under dist/
            ./pants msp-generate services/accounts::       # ... and under infra-out/accounts/, to be committed
            ./pants check services/accounts::              # the spec is valid, what is committed is up to date
            ./pants run services/accounts:dev              # the service on this machine; -- --help tells more

        The keys of `service.yaml` are described in docs/reference/service-yaml.md; the service's id is the folder's name.

        :param entry_point: The module to run, `python -m <module>`. By default the service's id with `_` for `-`.
        :param resolve: The resolve that the program's requirements are in.
        :param description: A human-readable description of the service's targets.
        :param tags: Tags of the service's targets, for `./pants --tag`.
        """
        for name, target_type in (("infra", MspInfraTargetGenerator), ("docs", MspDocsTarget)):
            parse_context.create_object(target_type.alias, name=name, description=description, tags=list(tags))
        for name, target_type in (("app", MspAppTarget), ("dev", MspDevTarget)):
            parse_context.create_object(
                target_type.alias,
                name=name,
                entry_point=entry_point,
                resolve=resolve,
                description=description,
                tags=list(tags),
            )

    return msp_service
