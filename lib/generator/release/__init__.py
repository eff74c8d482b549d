"""What a release is made from: a manifest for each stage, from the same container as Terraform's, and skaffold.yaml."""

from .files import release_files as release_files

__all__ = ["release_files"]
