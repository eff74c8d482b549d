"""The PostgreSQL bindings that the platform uses: one import line per resource kind (see `google.py`)."""

from cdktf_cdktf_provider_postgresql import data_postgresql_tables as data_postgresql_tables
from cdktf_cdktf_provider_postgresql import default_privileges as default_privileges
from cdktf_cdktf_provider_postgresql import extension as extension
from cdktf_cdktf_provider_postgresql import grant as grant
from cdktf_cdktf_provider_postgresql import grant_role as grant_role
from cdktf_cdktf_provider_postgresql import provider as provider
from cdktf_cdktf_provider_postgresql import publication as publication
from cdktf_cdktf_provider_postgresql import replication_slot as replication_slot
from cdktf_cdktf_provider_postgresql import role as role
