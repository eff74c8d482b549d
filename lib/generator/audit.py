"""How the record of data access is found in Cloud Logging: what the stacks set up, and the guide's commands read."""

from __future__ import annotations

BUCKET = "audit"
"""The log bucket that holds it, in the environment's region."""

DATA_ACCESS = 'log_id("cloudaudit.googleapis.com/data_access")'
"""Source: https://cloud.google.com/logging/docs/audit#viewing_audit_logs"""

STATEMENT = 'protoPayload.request.@type="type.googleapis.com/google.cloud.sql.audit.v1.PgAuditEntry"'
"""A statement that pgAudit has recorded. Source: https://cloud.google.com/sql/docs/postgres/pg-audit#viewing"""
