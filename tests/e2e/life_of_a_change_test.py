"""The real ./pants on a copy of this repository: what people do all day, from a change of a spec to its removal.

Slow (a minute or two) and few on purpose: what can be tested below is tested below.
"""

from __future__ import annotations

import re

from e2e.checkout import Checkout

SPEC = "services/accounts/service.yaml"
ACCOUNTS = "infra-out/accounts"


def test_the_life_of_a_change(checkout: Checkout) -> None:
    # What is committed is what the specs say, and nothing is without a target.
    checkout.pants("check", "services::", "//:platform")
    checkout.pants("tailor", "--check", "services::")
    before = checkout.generated()
    checkout.pants("msp-generate", "services::")
    assert checkout.generated() == before
    assert "accounts/prod/data/cdk.tf.json" in before

    # One line of a spec makes one environment stale; the failure names the file and the command.
    checkout.edit(SPEC, "diskGb: 50", "diskGb: 60")
    output = checkout.pants("check", "services::", exit_code=1)
    assert f"{ACCOUNTS}/prod/data/cdk.tf.json" in output
    assert f"{ACCOUNTS}/dev/data" not in output
    assert '"disk_size": 60' in output
    assert "msp-generate services/accounts" in output

    # The command mends it, and touches nothing else.
    checkout.pants("msp-generate", "services/accounts::")
    after = checkout.generated()
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert "accounts/prod/data/cdk.tf.json" in changed
    assert all(path.startswith("accounts/") and not path.startswith("accounts/dev/") for path in changed)
    checkout.pants("check", "services::")


def test_a_wrong_spec_is_told_in_full_and_breaks_no_other_service(checkout: Checkout) -> None:
    original = (checkout.root / SPEC).read_text(encoding="utf-8")
    checkout.edit(SPEC, "tier: test", "tier: tset")
    checkout.edit(SPEC, "diskGb: 60", "diskGB: 60")
    output = checkout.pants("check", "services::", exit_code=1)
    assert re.search(rf"{SPEC}:\d+:\d+: error\[", output)
    assert "diskGB" in output and "tset" in output
    assert "services/bulletin" in checkout.pants("list", "services::")
    checkout.pants("package", "services/bulletin:infra")
    assert (checkout.root / "dist").is_dir()
    (checkout.root / SPEC).write_text(original, encoding="utf-8")


def test_an_environment_leaves_the_repository_in_two_steps(checkout: Checkout) -> None:
    text = (checkout.root / SPEC).read_text(encoding="utf-8")
    start, end = text.index("  - id: dev\n"), text.index("  - id: prod\n")
    without_dev = (text[:start] + text[end:]).replace("    - environment: dev\n", "")

    # In one step it would end everything that the environment holds: nothing is removed.
    (checkout.root / SPEC).write_text(without_dev, encoding="utf-8")
    output = checkout.pants("check", "services::", exit_code=1)
    assert f"{SPEC}:" in output and "error[environment-removed]" in output
    before = checkout.generated()
    assert "first set allowDestroys: true" in checkout.pants("msp-generate", "services/accounts::", exit_code=1)
    assert checkout.generated() == before

    # First the protection goes, then the environment.
    (checkout.root / SPEC).write_text(text, encoding="utf-8")
    checkout.edit(SPEC, "  - id: dev\n", "  - id: dev\n    allowDestroys: true\n")
    checkout.pants("msp-generate", "services/accounts::")
    (checkout.root / SPEC).write_text(without_dev, encoding="utf-8")
    output = checkout.pants("check", "services::", exit_code=1)
    assert f"{ACCOUNTS}/dev" in output and "environment-removed" not in output
    before = checkout.generated()
    checkout.pants("msp-generate", "services/accounts::")
    assert not (checkout.root / ACCOUNTS / "dev").exists()
    # The pipeline, which is prod's, has a stage less, and so reads nothing of dev's any more; all else of prod is as it was.
    untouched = {path for path in before if re.match(r"accounts/prod/(?!delivery/|stacks\.json)", path)}
    assert untouched and all(before[path] == checkout.generated()[path] for path in untouched)
    checkout.pants("check", "services::")


def test_package_one_environment(checkout: Checkout) -> None:
    checkout.pants("package", "services/accounts:infra#prod")
    made = sorted(path.parent.name for path in (checkout.root / "dist").rglob("prod/*/cdk.tf.json"))
    stacks = "access analytics data delivery edge grants iam monitoring network project publications run"
    assert made == stacks.split()
