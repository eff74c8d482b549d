"""User accounts: sign-in by OIDC, sessions, API tokens, organisations and their roles, the audit log."""
