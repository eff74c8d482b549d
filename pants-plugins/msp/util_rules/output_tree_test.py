from __future__ import annotations

from msp.util_rules.output_tree import (
    Comparison,
    FilesOwnership,
    RepositoryOwnership,
    ServiceOwnership,
    compare,
    prune,
)

GENERATED = {
    "out/accounts/dev/run/cdk.tf.json": "dev",
    "out/accounts/prod/run/cdk.tf.json": "prod",
    "out/accounts/operations.md": "guide",
    "out/accounts/description.json": "description",
}


def own(*environments: str, docs: bool = False, names: bool = False, declared: str = "dev prod") -> ServiceOwnership:
    return ServiceOwnership("out", "accounts", frozenset(environments), frozenset(declared.split()), docs, names)


EVERYTHING = own("dev", "prod", docs=True, names=True)


def test_what_is_committed_as_generated_is_clean() -> None:
    assert compare(GENERATED, GENERATED, EVERYTHING).is_clean


def test_missing_changed_and_orphaned_files_are_told_apart() -> None:
    committed = {
        "out/accounts/dev/run/cdk.tf.json": "edited",
        "out/accounts/operations.md": "guide",
        "out/accounts/description.json": "description",
        "out/accounts/prod/old/cdk.tf.json": "prod",
    }
    assert compare(GENERATED, committed, EVERYTHING) == Comparison(
        missing=("out/accounts/prod/run/cdk.tf.json",),
        changed=("out/accounts/dev/run/cdk.tf.json",),
        orphaned=("out/accounts/prod/old/cdk.tf.json",),
    )


def test_one_environment_leaves_the_others_alone() -> None:
    """Ownership, first: whatever stands in another environment is nobody's business here."""
    committed = {path: "edited" for path in GENERATED} | {"out/accounts/prod/old/cdk.tf.json": "old"}
    assert compare(GENERATED, committed, own("dev")) == Comparison(changed=("out/accounts/dev/run/cdk.tf.json",))


def test_an_environment_that_left_the_spec_is_an_orphan_of_its_service() -> None:
    """Ownership, second: no environment owns it any more, so the service's set of names does."""
    committed = {**GENERATED, "out/accounts/gone/run/cdk.tf.json": "gone", "out/accounts/stray.txt": "stray"}
    orphans = ("out/accounts/gone/run/cdk.tf.json", "out/accounts/stray.txt")
    assert compare(GENERATED, committed, EVERYTHING).orphaned == orphans
    assert compare(GENERATED, committed, own("dev", names=True)).orphaned == orphans
    assert compare(GENERATED, committed, own("dev", "prod", docs=True)).is_clean


def test_a_service_that_is_not_declared_is_an_orphan_of_the_repository() -> None:
    """Ownership, third: no service owns it any more, so the repository's set of names does."""
    committed = {**GENERATED, "out/gone/dev/run/cdk.tf.json": "gone", "out/stray.txt": "stray", "elsewhere/file": "x"}
    repository = RepositoryOwnership("out", frozenset({"accounts"}))
    assert compare({}, committed, repository).orphaned == ("out/gone/dev/run/cdk.tf.json", "out/stray.txt")
    assert compare(GENERATED, committed, EVERYTHING).is_clean


def test_guide_and_description_belong_to_docs_alone() -> None:
    for path in ("out/accounts/operations.md", "out/accounts/description.json"):
        committed = {**GENERATED, path: "edited"}
        assert compare(GENERATED, committed, own("dev", "prod", names=True)).is_clean
        assert compare(GENERATED, committed, own(docs=True)).changed == (path,)


def test_a_file_named_like_an_environment_is_not_one() -> None:
    committed = {**GENERATED, "out/accounts/dev2": "file"}
    assert compare(GENERATED, committed, EVERYTHING).orphaned == ("out/accounts/dev2",)


def test_terraforms_lock_file_lives_and_goes_with_its_stack() -> None:
    beside, left = "out/accounts/dev/run/.terraform.lock.hcl", "out/accounts/dev/old/.terraform.lock.hcl"
    committed = {**GENERATED, beside: "lock", left: "lock"}
    assert compare(GENERATED, committed, EVERYTHING) == Comparison(orphaned=(left,))


def test_files_anywhere_are_owned_by_name() -> None:
    owner = FilesOwnership(frozenset({"schema/a.json", "schema/b.json"}))
    committed = {"schema/b.json": "b", "schema/c.json": "c"}
    assert compare({"schema/a.json": "a"}, committed, owner) == Comparison(
        missing=("schema/a.json",), orphaned=("schema/b.json",)
    )


def test_prune_names_folders_that_would_be_left_empty() -> None:
    committed = [
        "out/accounts/dev/run/cdk.tf.json",
        "out/accounts/gone/run/cdk.tf.json",
        "out/accounts/gone/data/cdk.tf.json",
        "out/accounts/dev/run/old.tf",
        "out/zombie/dev/run/cdk.tf.json",
    ]
    orphans = [path for path in committed if "gone" in path or "old" in path or "zombie" in path]
    assert prune(orphans, committed) == ("out/accounts/dev/run/old.tf", "out/accounts/gone", "out/zombie")


def test_prune_never_names_a_folder_of_the_repository() -> None:
    assert prune(["out/stray.txt"], ["out/stray.txt"]) == ("out/stray.txt",)
    assert prune(["schema/a.json"], ["schema/a.json"]) == ("schema/a.json",)
