"""A change of the generator in waves: the real ./pants on a copy of this repository, with a tier held at a release."""

from __future__ import annotations

from e2e.checkout import Checkout

TEST = "accounts/dev/run/cdk.tf.json"
EXTERNAL = "accounts/prod/run/cdk.tf.json"
SPEC = "services/accounts/service.yaml"


def test_a_change_of_the_generator_reaches_the_held_tier_with_its_upgrade(checkout: Checkout) -> None:
    before = checkout.generated()
    output = checkout.pants("msp-upgrade", "--tier=external")
    assert "Cut release 1 from the work tree: releases/1.zip" in output
    assert "accounts: prod" in output

    # Its own release makes what the work tree made.
    checkout.pants("msp-generate", "services::")
    held = checkout.generated()
    assert {path for path in held if held[path] != before[path]} == {
        path for path in held if path.endswith("/operations.md") and b"release 1 of the generator" in held[path]
    }
    assert "tier-lags" not in checkout.pants("check", "services::")

    # The generator changes: test's environments with it, external's not.
    checkout.edit("lib/generator/terraform/canonical.py", "edits are overwritten", "edits are lost")
    assert "edits are lost" in checkout.pants("check", "services::", exit_code=1)
    checkout.pants("msp-generate", "services::")
    changed = checkout.generated()
    assert b"edits are lost" in changed[TEST]
    assert changed[EXTERNAL] == before[EXTERNAL]
    output = checkout.pants("check", "services::")
    assert "releases/lock.yaml:6:3: warning[tier-lags] tiers.external: found release 1, 1 release behind the work tree" in output
    assert "    accounts: prod\n" in output and "accounts: dev" not in output

    # A key that only the new generator knows.
    checkout.edit("lib/spec/model/environment.py", "    tier: Tier = key(", "    turbo: bool = key(\"Faster.\", default=False)\n    tier: Tier = key(")
    checkout.edit(SPEC, "    tier: test\n", "    tier: test\n    turbo: true\n")
    # (Only the pipeline, which is external's and goes there too, has to do without it.)
    output = checkout.pants("check", "services::")
    assert "warning[unknown-to-release] environments[0].turbo: found a key that release 1 of the generator, at which" in output
    checkout.edit(SPEC, "    tier: external\n", "    tier: external\n    turbo: true\n")
    output = checkout.pants("check", "services::", exit_code=1)
    assert "error[unknown-to-release] environments[1].turbo: found a key that release 1 of the generator, at which" in output
    assert "run `./pants msp-upgrade --tier=external`" in output

    # An archive that is not what was committed.
    archive = checkout.root / "releases/1.zip"
    content = archive.read_bytes()
    archive.write_bytes(content.replace(b"edits are overwritten", b"edits are over-written"))
    assert "error[release-altered]" in checkout.pants("check", "services::", exit_code=1)
    archive.write_bytes(content)

    # The upgrade.
    output = checkout.pants("msp-upgrade", "--tier=external")
    assert "Tier external: release 1 → release 2." in output and not archive.exists()
    checkout.pants("msp-generate", "services::")
    assert b"edits are lost" in checkout.generated()[EXTERNAL]
    assert "tier-lags" not in checkout.pants("check", "services::")
