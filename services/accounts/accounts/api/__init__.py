"""The API for programs: JSON under /api/v1, described by /openapi.json."""
