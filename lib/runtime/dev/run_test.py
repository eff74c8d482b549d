"""The whole thing, with real servers and signals."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from runtime.dev.sample import DESCRIPTION, ENVIRONMENT, Checkout, DevRun
from spec.description import Resources, Variable, render


def get(url: str) -> str:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def nothing_is_left(run: DevRun) -> None:
    eventually(lambda: not run.left())
    assert run.ports()


def test_from_nothing_to_the_url_and_back_to_nothing(checkout: Checkout) -> None:
    run = checkout.run()
    url = run.url()
    # As the tables' owner, with the seed's row, the spec's own address, and nothing of the developer's shell.
    assert get(url) == f"msp_owner 1 {url}/app None"
    assert "environment dev" in run.text
    assert "401" in str(pytest.raises(OSError, get, f"{url}/-/healthz").value)
    secret = run.wait_for(r"Bearer (\S+)'")[1]
    health = urllib.request.Request(f"{url}/-/healthz?full=1", headers={"Authorization": f"Bearer {secret}"})
    assert b"postgres" in urllib.request.urlopen(health, timeout=10).read()

    run.process.send_signal(signal.SIGINT)
    assert run.exit_code() == 0, run.text
    assert run.left() == [] and run.ports()

    # The data stay, and so do the ports; a reset empties them, and seeds again.
    again = checkout.run()
    assert again.url() == url and get(url) == f"msp_owner 1 {url}/app None"
    again.process.send_signal(signal.SIGTERM)
    assert again.exit_code() == 0
    more = checkout.run("--seed")
    assert get(more.url()).startswith("msp_owner 2 ")
    more.process.send_signal(signal.SIGHUP)
    assert more.exit_code() == 0
    reset = checkout.run("--reset")
    assert get(reset.url()).startswith("msp_owner 1 ")


def test_killed_it_leaves_nothing(checkout: Checkout) -> None:
    run = checkout.run()
    run.url()
    assert len(run.left()) >= 5
    run.process.kill()
    run.process.wait()
    nothing_is_left(run)
    again = checkout.run()
    again.url()


def test_two_side_by_side_and_one_message_for_one_folder(checkout: Checkout, folder: Path) -> None:
    one = checkout.run()
    first = one.url()
    refused = checkout.run()
    assert refused.exit_code() == 2
    assert f"dev: it runs already, as process {one.process.pid}: stop it" in refused.text
    assert "Traceback" not in refused.text
    other = checkout.run(data=folder / "other")
    second = other.url()
    assert first != second and get(first) != get(second)


def test_the_program_ends_by_itself(checkout: Checkout) -> None:
    (checkout.root / "services/sample/sample/__main__.py").write_text("raise SystemExit(7)")
    (checkout.root / "services/sample/sample/dev.py").unlink()
    run = checkout.run()
    assert run.exit_code() == 7
    assert run.left() == []


def test_a_server_that_ends_stops_the_run_and_says_so(checkout: Checkout) -> None:
    run = checkout.run()
    run.url()
    server = int((run.data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, signal.SIGKILL)
    assert run.exit_code() == 1
    assert "a server ended by itself" in run.text
    nothing_is_left(run)


def test_reload(checkout: Checkout) -> None:
    run = checkout.run("--reload")
    url = run.url()
    program = checkout.root / "services/sample/sample/__main__.py"
    program.write_text(program.read_text().replace('f"{rows[0]}', 'f"changed {rows[0]}'))
    run.wait_for("a file changed: starting again")

    def says_so() -> bool:
        try:
            return get(url).startswith("changed ")
        except OSError:
            return False

    eventually(says_so)


def test_a_job_runs_to_its_end(checkout: Checkout) -> None:
    environment = replace(ENVIRONMENT, resources=Resources(), variables=ENVIRONMENT.variables[1:7])
    description = replace(DESCRIPTION, kind="job", environments=(environment,))
    (checkout.root / "infra-out/sample/description.json").write_text(render(description, origin="x"))
    (checkout.root / "services/sample/sample/dev.py").unlink()
    (checkout.root / "services/sample/sample/__main__.py").write_text(
        "from runtime import Job, run_job\n\n\nclass Sample(Job):\n    name = 'sample'\n\n"
        "    async def execute(self, runtime):\n        print('worked in', runtime.contract.environment_id)\n\n\n"
        "if __name__ == '__main__':\n    run_job(Sample())\n"
    )
    run = checkout.run()
    assert run.exit_code() == 0
    assert "sample │ worked in dev" in run.text


def test_companions_and_secrets(checkout: Checkout) -> None:
    secret = Variable("TOKEN", "secret", "spec", secret="projects/p/secrets/token", version="latest")
    environment = replace(ENVIRONMENT, resources=Resources(), variables=(*ENVIRONMENT.variables[:9], secret))
    (checkout.root / "infra-out/sample/description.json").write_text(
        render(replace(DESCRIPTION, environments=(environment,)), origin="x")
    )
    source = checkout.root / "services/sample/sample"
    (source / "dev.py").unlink()
    run = checkout.run()
    assert run.exit_code() == 2
    assert "TOKEN: on the platform the secret projects/p/secrets/token" in run.text
    assert 'Add VARIABLES = {"TOKEN": "…"} to services/sample/sample/dev.py' in run.text
    assert run.left() == []

    (source / "__main__.py").write_text(
        "import os, sys\n\nprint(os.environ['TOKEN'], os.environ['UPSTREAM'], os.environ['HOME_PAGE'])\n"
    )
    (source / "dev.py").write_text(
        "from runtime.testing.redis_server import start_redis\n\n"
        "VARIABLES = {'TOKEN': 'a', 'UPSTREAM': '{{ cache }}', 'HOME_PAGE': '{{ url }}/home'}\n"
        "companions = {'cache': lambda folder, port: start_redis(folder, port=port)}\n"
    )
    run = checkout.run("--set", "TOKEN", shell={"TOKEN": "from the shell"})
    assert run.exit_code() == 0
    words = run.wait_for(r"sample │ from the shell http://127\.0\.0\.1:(\d+) http://127\.0\.0\.1:(\d+)/home")
    assert words[1] != words[2]
    assert run.left() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("qa",), "service sample has no environment 'qa'; its spec has: live, dev"),
        (("--module", "nothing"), "`python -m nothing` would run services/sample/nothing/__main__.py, which does not exist"),
        (("--set", "NOT_THERE"), "--set NOT_THERE: your shell has no such variable"),
        (("--postgres", "postgresql://nobody@127.0.0.1:1/x"), "needs {database}"),
        (("--postgres", "postgresql://nobody@127.0.0.1:1/{database}"), "dev: PostgreSQL: connection failed"),
    ],
)
def test_mistakes(checkout: Checkout, arguments: tuple[str, ...], told: str) -> None:
    run = checkout.run(*arguments)
    assert run.exit_code() == 2
    assert told in run.text and "Traceback" not in run.text


def test_more_mistakes(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = checkout.run("--port", str(taken.getsockname()[1]))
        assert run.exit_code() == 2
    assert "is taken: name another with -- --port <number>" in run.text
    (checkout.root / "services/sample/sample/dev.py").write_text("VARIABLES = 7\n")
    run = checkout.run()
    assert run.exit_code() == 2 and "dev.py: VARIABLES has to be a Mapping[str, str]" in run.text
    (checkout.root / "infra-out/sample/description.json").unlink()
    run = checkout.run()
    assert run.exit_code() == 2 and "./pants msp-generate makes it" in run.text and "Traceback" not in run.text


def test_servers_of_the_machine(checkout: Checkout, folder: Path) -> None:
    """PostgreSQL and Redis that run already: those of another run."""
    theirs = checkout.run(data=folder / "theirs")
    theirs.url()
    administrator = theirs.wait_for(r"psql (postgresql://\S+)/sample")[1]
    redis = theirs.wait_for(r"redis-cli -u (\S+)")[1]
    with psycopg.connect(f"{administrator}/postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE me SUPERUSER LOGIN")
    dsn = administrator.replace("postgres@", "me@") + "/{database}"
    run = checkout.run("--postgres", dsn, "--redis", redis)
    assert get(run.url()).startswith("me 2 ")
    assert "no servers after" in run.text


def test_authorization_has_a_server_of_its_own(checkout: Checkout) -> None:
    address = Variable("OPENFGA_API_URL", "plain", "platform", value="https://openfga.acme.example")
    environment = replace(ENVIRONMENT, resources=Resources(), variables=(*ENVIRONMENT.variables[:9], address))
    description = replace(DESCRIPTION, environments=(environment,))
    (checkout.root / "infra-out/sample/description.json").write_text(render(description, origin="x"))
    (checkout.root / "services/sample/sample/dev.py").unlink()
    (checkout.root / "services/sample/sample/__main__.py").write_text(
        "import os, urllib.request\n\n"
        "print(urllib.request.urlopen(os.environ['OPENFGA_API_URL'] + '/stores', timeout=10).status)\n"
    )
    run = checkout.run()
    run.wait_for("sample │ 200")
    assert run.exit_code() == 0
    assert run.left() == []


def test_what_the_program_lacks_is_told_in_lines_for_people(checkout: Checkout) -> None:
    source = checkout.root / "services/sample/sample"
    (source / "dev.py").unlink()
    program = (source / "__main__.py").read_text()
    settings = (
        "from dataclasses import dataclass\nfrom runtime import env\n\n\n@dataclass(frozen=True)\nclass Config:\n"
        "    issuer: str = env.str('ISSUER', help='Who signs people in.')\n\n\n"
    )
    (source / "__main__.py").write_text(settings + program.replace('name = "sample"', 'name = "sample"\n    config = Config'))
    run = checkout.run()
    assert run.exit_code() == 2
    assert re.search(r"sample │   ISSUER: found nothing", run.text), run.text
