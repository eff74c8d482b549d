from __future__ import annotations

import pytest

from spec.secret_forms import FORMS, looks_like

# Put together here, so that no scanner takes this file's own samples for secrets.
SECRETS = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a token of GitHub": "ghp_" + "a1" * 18,
    "a token of GitLab": "glpat-" + "a1" * 10,
    "a token of Slack": "xoxb-" + "12345-" + "a1" * 10,
    "a webhook of Slack": "https://hooks.slack.com/services/T0A/B0A/" + "a1" * 12,
    "a secret key of Stripe": "sk_live_" + "a1" * 12,
    "an access key of Amazon": "AKIA" + "A1" * 8,
    "an API key of Google": "AIza" + "a1-_x" * 7,
    "a client secret of Google": "GOCSPX-" + "a1" * 14,
    "a key of Anthropic": "sk-ant-api03-" + "a1" * 20,
    "a key of OpenAI": "sk-" + "a1" * 24,
    "a key of SendGrid": "SG." + "a1" * 11 + "." + "a" * 43,
    "a token of npm": "npm_" + "a1" * 18,
    "a signed token (JWT)": "eyJ" + "a1" * 10 + ".eyJ" + "a1" * 10 + "." + "a1" * 15,
    "a password in a URL": "postgresql://me:word" + "@db.example/accounts",
    "a password": "host=db user=me password=" + "word",
}


@pytest.mark.parametrize(("what", "value"), SECRETS.items())
def test_each_form_is_recognised(what: str, value: str) -> None:
    assert looks_like(value) == what
    assert looks_like(f"prefix {value}") == what


def test_every_form_has_a_sample() -> None:
    assert [what for what, _ in FORMS] == list(SECRETS)


@pytest.mark.parametrize(
    "value",
    [
        "", "info", "true", "https://login.acme.example/oauth?next=/a:b@c", "http://10.0.0.1:8080/path@2",
        "redis://cache:6379/0", "postgresql://me@db/accounts", "postgresql://{user}:{password}@db/x",
        "user:pass", "PASSWORD_MIN_LENGTH=12", "https://{{ dnsName }}/callback", "sk-learn", "sk-proj-short", "AKIA",
        "eyJhbGciOiJub25lIn0", "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "a,b@c.example,d:e@f",
        "projects/p/secrets/s", "service@p.iam.gserviceaccount.com", "reset-password=", "mailto:a@b.example",
    ],
)  # fmt: skip
def test_ordinary_values_are_left_alone(value: str) -> None:
    assert looks_like(value) is None
