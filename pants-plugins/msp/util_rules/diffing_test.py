from __future__ import annotations

from msp.util_rules.diffing import MAXIMUM_LINES, MAXIMUM_WIDTH, Difference, mend_command, render, unified_diff
from msp.util_rules.output_tree import Comparison


def test_a_difference_names_files_by_kind_and_shows_what_changed() -> None:
    comparison = Comparison(missing=("out/a",), changed=("out/b",), orphaned=("out/c",))
    report = render([Difference("x/service.yaml", "x::", comparison)], {"out/b": "1\n2\n"}.get, {"out/b": "1\n3\n"}.get)
    assert report.splitlines() == [
        "Not what x/service.yaml says:",
        "  missing   out/a",
        "  orphaned  out/c",
        "  changed   out/b  (stale, or edited by hand)",
        "    --- out/b (committed)",
        "    +++ out/b (generated)",
        "    @@ -1,2 +1,2 @@",
        "     1",
        "    -2",
        "    +3",
    ]


def test_a_diff_is_bounded_by_lines_and_width() -> None:
    diff = unified_diff("f", "\n".join(map(str, range(100))), "x" * 1000, 10)
    assert len(diff) == 11
    assert diff[-1] == "… and 94 lines more"
    assert max(map(len, unified_diff("f", "", "x" * 1000, 10))) == MAXIMUM_WIDTH


def test_a_report_is_bounded_over_all_files() -> None:
    paths = tuple(f"out/{number:03}" for number in range(100))
    report = render(
        [Difference("spec", "x::", Comparison(changed=paths))],
        lambda path: "\n".join(f"{path} {line}" for line in range(100)),
        lambda path: "",
    )
    lines = report.splitlines()
    assert all(any(line.startswith(f"  changed   {path}") for line in lines) for path in paths)
    assert len(lines) < MAXIMUM_LINES + 2 * len(paths)


def test_files_that_differ_in_no_line_are_said_to() -> None:
    assert unified_diff("f", "a", "a\n", 10) == ["(the same lines: line endings or the last newline differ)"]


def test_the_command_that_mends_is_as_narrow_as_it_can_be() -> None:
    assert mend_command("./pants", ["b::", "a::", "a::"]) == "./pants msp-generate a:: b::"
    assert mend_command("./pants", "abcd") == "./pants msp-generate ::"
