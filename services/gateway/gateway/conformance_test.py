"""What the platform and the service have agreed on: docs/conformance.md."""

from __future__ import annotations

from gateway.keys import derive, stored
from runtime.conformance import conformance

TOKEN = derive("a-license-key-for-the-conformance-kit")

SEED = f"""
INSERT INTO actors (id, name) VALUES ('conformance', 'Conformance');
INSERT INTO actor_features (actor_id, feature, quota_requests, quota_seconds)
    VALUES ('conformance', 'chat_completions', 1000, 3600);
INSERT INTO access_tokens (hash, actor_id) VALUES ('\\x{stored(TOKEN.encode()).hex()}', 'conformance');
"""

# Whose limits they are is in PostgreSQL, what was used of them in Redis.
test_conformance = conformance(
    __file__, paths=("/v1/limits",), headers={"authorization": f"Bearer {TOKEN}"}, seed={"gateway": SEED}
)
