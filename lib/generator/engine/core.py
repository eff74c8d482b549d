"""The CDKTF core that stacks use. Moving to another engine (cdktn) changes the imports of this folder only."""

from cdktf import App as App
from cdktf import DataTerraformRemoteStateGcs as DataTerraformRemoteStateGcs
from cdktf import GcsBackend as GcsBackend
from cdktf import LocalBackend as LocalBackend
from cdktf import TerraformLocal as TerraformLocal
from cdktf import TerraformOutput as TerraformOutput
from cdktf import TerraformResourceLifecycle as TerraformResourceLifecycle
from cdktf import TerraformStack as TerraformStack
from constructs import Construct as Construct
