"""Who may release."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ..model.base import Expect, Section, key

GithubRepository = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]{1,100}$"),
    Expect("<owner>/<repository>", suggest=lambda text: [text.removeprefix("https://").removeprefix("github.com/")]),
]

GithubId = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,18}$"),
    Expect(
        "the repository's number in quotes", "`gh api repos/OWNER/REPOSITORY --jq .id` shows it; write it in quotes"
    ),
]

GitRef = Annotated[
    str,
    StringConstraints(pattern=r"^refs/(heads|tags)/[A-Za-z0-9][A-Za-z0-9._/-]*$"),
    Expect("refs/heads/<branch> or refs/tags/<tag>", suggest=lambda text: [f"refs/heads/{text}"]),
]


class Github(Section):
    """The one repository of GitHub whose workflows may release."""

    repository: GithubRepository = key(
        "The repository.",
        examples=("acme/platform",),
        source="https://docs.github.com/en/actions/concepts/security/openid-connect",
    )
    repository_id: GithubId = key(
        "Its number, which stays when the repository is renamed and never comes back when it is deleted, so that nobody"
        " can take over the name and with it the right to release.",
        examples=("123456789",),
        source="https://cloud.google.com/iam/docs/best-practices-for-using-workload-identity-federation",
    )
    ref: GitRef = key("The branch or tag that workflows must run on.", default="refs/heads/main")


class Ci(Section):
    """Who builds and releases. It signs in by workload identity federation: no key exists that could be lost."""

    github: Github = key("GitHub Actions of one repository.")
