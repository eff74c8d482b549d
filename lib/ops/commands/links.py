"""Every page about an environment, by its name."""

from __future__ import annotations

import argparse
import difflib
import webbrowser

from ops.description import meant
from ops.errors import Misuse, OpsError
from ops.session import Session

NAME = "links"
HELP = "The console's pages about an environment, and the service's own."
EXAMPLES = ("accounts prod", "accounts prod database --open", "accounts prod logs --json")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", nargs="?", help="only this page")
    parser.add_argument("--open", action="store_true", help="in the browser")


def run(session: Session, arguments: argparse.Namespace) -> int:
    links = [(found["id"], found["title"], found["url"]) for found in session.environment.operating["links"]]
    if arguments.page is not None:
        known = [id for id, _, _ in links]
        if arguments.page not in known:
            near = difflib.get_close_matches(arguments.page, known, 1)
            raise Misuse(f"no page {arguments.page!r}", *meant(near), f"there are: {', '.join(known)}")
        links = [link for link in links if link[0] == arguments.page]
    elif arguments.open:
        raise Misuse("which page?", f"there are: {', '.join(id for id, _, _ in links)}")
    if session.json:
        session.terminal.json([{"id": id, "title": title, "url": url} for id, title, url in links])
    elif arguments.page is not None:
        session.terminal.data(links[0][2])
    else:
        session.terminal.table(("PAGE", "WHAT", "ADDRESS"), links)
    if arguments.open and not session.processes.dry_run:
        open_page(session, links[0][2])
    return 0


def open_page(session: Session, url: str) -> None:
    """Raises OpsError where there is no browser."""
    if not webbrowser.open(url):
        raise OpsError("no browser was found on this machine", f"the address: {url}")
