"""A program called gcloud that records how it was called and answers what a test wants.

The command lines that it is called with are held against the real one's parser by `ops.real_gcloud_test`.
"""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = """\
#!{python}
import json, os, sys
folder = os.path.dirname(os.path.abspath(__file__))
given = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
with open(os.path.join(folder, "calls.jsonl"), "a") as file:
    file.write(json.dumps({{"argv": sys.argv[1:], "input": given}}) + "\\n")
answers = json.load(open(os.path.join(folder, "answers.json")))
for words, texts in answers:
    if all(word in sys.argv[1:] for word in words):
        count = os.path.join(folder, "count-" + "-".join(words).replace("/", "_"))
        number = int(open(count).read()) if os.path.exists(count) else 0
        open(count, "w").write(str(number + 1))
        answer = texts[min(number, len(texts) - 1)]
        if answer.startswith("ERROR:"):
            sys.stderr.write(answer + "\\n")
            sys.exit(1)
        print(answer)
        sys.exit(0)
print("null")
"""


@dataclass(frozen=True)
class FakeGcloud:
    """`answers` are looked through in order: the words that have to be among the arguments, and what is said at the first,
    second … call; the last answer goes on. One that begins with `ERROR:` goes to standard error, with exit code 1."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> FakeGcloud:
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "gcloud"
        program.write_text(PROGRAM.format(python=sys.executable))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        (folder / "answers.json").write_text("[]")
        return cls(folder)

    def answers(self, *answers: tuple[Sequence[str], Sequence[object]]) -> None:
        said = [
            (list(words), [text if isinstance(text, str) else json.dumps(text) for text in texts]) for words, texts in answers
        ]
        (self.folder / "answers.json").write_text(json.dumps(said))

    def calls(self) -> list[tuple[str, ...]]:
        return [tuple(call["argv"]) for call in self._recorded()]

    def inputs(self) -> list[str]:
        return [str(call["input"]) for call in self._recorded()]

    def _recorded(self) -> list[Mapping[str, list[str]]]:
        path = self.folder / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
