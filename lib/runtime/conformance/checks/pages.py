"""The pages below /-/ , as the platform's probes and people ask for them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from spec.constants import HEALTH_PATH, LIVE_PATH, READY_PATH, VERSION_PATH

from ..bench import Bench
from ..outcome import Broken, Check, expect
from ..process import Answer
from .configuration import sanity_answer

SECRET = "DIAGNOSTICS_SECRET"
IGNORED = ("date", "content-length", "traceparent")
"""Headers that may differ between two answers that say the same."""


def starts(bench: Bench) -> None:
    bench.shared()


def probes(bench: Bench) -> None:
    instance = bench.shared()
    for path in (LIVE_PATH, READY_PATH):
        status = instance.asked(path).status
        expect(status == 200, f"{path} does not answer 200 while everything works", f"status {status}")


def version(bench: Bench) -> None:
    said = instance_version(bench.shared().asked(VERSION_PATH))
    printed = sanity_answer(bench)["version"]
    expect(said == printed, f"{VERSION_PATH} and the sanity check say different versions", f"{said!r} and {printed!r}")


def instance_version(answer: Answer) -> str:
    expect(answer.status == 200, f"{VERSION_PATH} does not answer 200", f"status {answer.status}")
    return answer.text.strip()


def health(bench: Bench) -> None:
    instance = bench.shared()
    secret = instance.environment.get(SECRET)
    if not secret:
        raise Broken(f"the environment has no {SECRET}")
    expected = {
        "with the secret": (bearer(secret), 200),
        "with the scheme in small letters": ({"authorization": f"bearer {secret}"}, 200),
        "without a header": ({}, 401),
        "with another scheme": ({"authorization": f"Basic {secret}"}, 400),
        "with an empty secret": ({"authorization": "Bearer "}, 400),
        "with the secret alone": ({"authorization": secret}, 400),
        **{f"with {what}": (bearer(text), 401) for what, text in guesses(secret).items()},
    }
    for how, (headers, status) in expected.items():
        found = instance.asked(HEALTH_PATH, headers).status
        expect(found == status, f"{HEALTH_PATH} {how} does not answer {status}", f"status {found}")


def no_oracle(bench: Bench) -> None:
    """What can be seen of a comparison from outside, but for its time."""
    instance = bench.shared()
    answers = {
        what: visible(instance.asked(HEALTH_PATH, bearer(text)))
        for what, text in guesses(instance.environment.get(SECRET, "")).items()
    }
    first = next(iter(answers.values()))
    different = [what for what, answer in answers.items() if answer != first]
    expect(not different, f"{HEALTH_PATH} answers differently to {', '.join(different)}")


def guesses(secret: str) -> Mapping[str, str]:
    """Wrong secrets, from far off to almost right."""
    other = "A" if secret[-1:] != "A" else "B"
    return {
        "a short guess": "x",
        "a guess of the right length": "x" * len(secret),
        "its beginning": secret[:-1],
        "all but the last letter": secret[:-1] + other,
        "more than it": secret + "x",
        "letters that are not ASCII": "\u00e9" * len(secret),
    }


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def visible(answer: Answer) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """What a caller sees of an answer."""
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name not in IGNORED))
    return answer.status, headers, answer.body


def full_health(bench: Bench) -> None:
    instance = bench.shared()
    path = f"{HEALTH_PATH}?full=1"
    answer = instance.asked(path, bearer(instance.environment.get(SECRET, "")))
    try:
        found = json.loads(answer.body)
    except ValueError:
        raise Broken(f"{path} answers no JSON", answer.text[:200]) from None
    resources = found.get("resources") if isinstance(found, dict) else None
    if not isinstance(resources, dict):
        raise Broken(f"{path} says nothing of resources", answer.text[:200])
    wanted = [*(["postgres"] if bench.databases else []), *(["redis"] if bench.redis else []), *(["authorization"] if bench.authorization else [])]
    missing = [name for name in wanted if name not in resources]
    expect(not missing, f"{path} says nothing of {', '.join(missing)}", answer.text[:200])


CHECKS = (
    Check("start", "It becomes ready with the environment that the platform gives it, on the port that `PORT` says.", starts, ("service",)),
    Check("probes", f"`{LIVE_PATH}` and `{READY_PATH}` answer 200 while everything works.", probes, ("service",)),
    Check("version", f"`{VERSION_PATH}` says the version that runs.", version, ("service",)),
    Check(
        "health-authentication",
        f"`{HEALTH_PATH}` answers 200 with the diagnostics secret, 401 with a wrong or no secret, 400 with something else.",
        health,
        ("service",),
    ),
    Check("health-gives-nothing-away", f"`{HEALTH_PATH}` answers every wrong secret alike.", no_oracle, ("service",)),
    Check("health-in-full", f"`{HEALTH_PATH}?full=1` says of each resource how it is.", full_health, ("service",)),
)  # fmt: skip
