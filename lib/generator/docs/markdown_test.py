from __future__ import annotations

import pytest

from generator.docs import markdown
from generator.docs.inline import code


def test_a_table_keeps_its_columns_whatever_is_in_its_cells() -> None:
    cells = ("a | b", code("c|d"), "e\nf", "`g` <h>", "")
    rows = markdown.table(("1", "2", "3", "4", "5"), [cells]).markdown.splitlines()
    assert rows[0] == "| 1 | 2 | 3 | 4 | 5 |"
    assert rows[1] == "| --- | --- | --- | --- | --- |"
    assert rows[2].count("|") == 6
    assert len(rows) == 3


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="1 cells below a header of 2"):
        markdown.table(("a", "b"), [("c",)])


def test_facts_need_no_header() -> None:
    assert markdown.facts([("Id", "a"), ("b", "c | d")]).markdown == "| Id | a |\n| :--- | :--- |\n| b | c &#124; d |"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Overview", "## Overview"),
        ("a `b` <c> | d", r"## a \`b\` &lt;c&gt; &#124; d"),
        ("two\nlines", "## two lines"),
        ("in C#", "## in C#"),
        ("closed ##", r"## closed \##"),
        ("# #", r"## \# \#"),
    ],
)
def test_a_heading_is_one_line_and_its_own_text(text: str, line: str) -> None:
    assert markdown.heading(2, text).markdown == line


def test_a_fence_is_longer_than_any_within() -> None:
    assert markdown.fenced("```\n`````", "sh").markdown == "``````sh\n```\n`````\n``````"


def test_steps_keep_their_blocks_within() -> None:
    listed = markdown.steps([[markdown.paragraph("First."), markdown.shell("a", "b")], [markdown.paragraph("Second.")]])
    assert listed.markdown == "1. First.\n\n   ```sh\n   a\n   b\n   ```\n\n2. Second."


def test_contents_link_to_headings() -> None:
    blocks = [
        markdown.heading(2, "Logs"),
        markdown.heading(3, "Logs of dev", "dev"),
        markdown.heading(4, "Left out"),
        markdown.heading(2, "Empty"),
    ]
    assert markdown.contents(blocks).markdown == "- [Logs](#logs): [dev](#logs-of-dev)\n- [Empty](#empty)"


def test_a_document_ends_with_one_newline() -> None:
    assert markdown.document([markdown.paragraph("a"), markdown.careful("b", "c")]) == "a\n\n> **Careful.** b c\n"
