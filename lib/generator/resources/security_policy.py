"""A Cloud Armor policy: a limit per client, Google's rules against common attacks, everything else let through."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import google

# Rule sets at their least sensitive level, the one with the fewest false positives.
# Source: https://cloud.google.com/armor/docs/waf-rules
ATTACK_RULES = (
    "sqli-v33-stable",
    "xss-v33-stable",
    "lfi-v33-stable",
    "rfi-v33-stable",
    "rce-v33-stable",
    "protocolattack-v33-stable",
    "sessionfixation-v33-stable",
)
# Against single holes that are known and used, such as Log4Shell: all of it, as Google advises, whatever the sensitivity.
HOLES = "cve-canary"
DEFAULT_PRIORITY = 2147483647
"""Cloud Armor requires a rule at this priority: what happens where nothing else matches."""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    requests_per_minute_per_client: int


@dataclass(frozen=True)
class Output:
    id: str


def new(scope: Construct, id: str, config: Config) -> Output:
    armor = google.compute_security_policy
    rule = armor.ComputeSecurityPolicyRule
    everyone = armor.ComputeSecurityPolicyRuleMatch(
        versioned_expr="SRC_IPS_V1",
        config=armor.ComputeSecurityPolicyRuleMatchConfig(src_ip_ranges=["*"]),
    )
    recognised = {name: f"'{name}', {{'sensitivity': 1}}" for name in ATTACK_RULES} | {HOLES: f"'{HOLES}'"}
    attacks = [
        rule(
            action="deny(403)",
            priority=1000 + index,
            description=f"Deny what {name} recognises",
            match=armor.ComputeSecurityPolicyRuleMatch(
                expr=armor.ComputeSecurityPolicyRuleMatchExpr(expression=f"evaluatePreconfiguredWaf({arguments})")
            ),
        )
        for index, (name, arguments) in enumerate(recognised.items())
    ]
    limit = rule(
        action="throttle",
        priority=2000,
        description="Limit the requests of one client",
        match=everyone,
        rate_limit_options=armor.ComputeSecurityPolicyRuleRateLimitOptions(
            conform_action="allow",
            exceed_action="deny(429)",
            enforce_on_key="IP",
            rate_limit_threshold=armor.ComputeSecurityPolicyRuleRateLimitOptionsRateLimitThreshold(
                count=config.requests_per_minute_per_client, interval_sec=60
            ),
        ),
    )
    default = rule(action="allow", priority=DEFAULT_PRIORITY, description="Let the rest through", match=everyone)
    policy = armor.ComputeSecurityPolicy(
        scope,
        id,
        project=config.project_id,
        name=config.name,
        type="CLOUD_ARMOR",
        rule=[*attacks, limit, default],
        adaptive_protection_config=armor.ComputeSecurityPolicyAdaptiveProtectionConfig(
            layer7_ddos_defense_config=armor.ComputeSecurityPolicyAdaptiveProtectionConfigLayer7DdosDefenseConfig(
                enable=True, rule_visibility="STANDARD"
            )
        ),
    )
    return Output(id=policy.id)
