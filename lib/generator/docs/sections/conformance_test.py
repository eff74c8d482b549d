"""The section about what the conformance kit measured."""

from __future__ import annotations

from dataclasses import replace

from generator.docs.guide import render
from generator.docs.guide_test import section
from generator.docs.sections.sections_test import hidden, shown
from generator.docs.snapshot_test import accounts
from spec.conformance import Conformance, Entry

PASS = Entry("`/-/livez` answers 200.", "pass")
FAIL = Entry("No request | fails.", "fail", "requests fail while it stops")
NONE = Entry("It ends.", "not applicable", "a service has nothing of the kind")


def of(*entries: Entry) -> str:
    measured = Conformance("dev", {str(number): entry for number, entry in enumerate(entries)})
    return section(render(replace(accounts(), conformance=measured)), "Conformance")


def test_what_is_kept_and_what_is_not() -> None:
    found = of(PASS, FAIL, NONE)
    shown(found, "| `/-/livez` answers 200. | yes |", "**no**: requests fail while it stops", "**1 of 2 promises that apply are kept.**")
    shown(found, "No request &#124; fails.", "does not apply: a service has nothing of the kind")
    shown(found, "./pants run lib/runtime/conformance:run -- services/accounts --update")


def test_a_full_score_does_not_shout() -> None:
    found = of(PASS, NONE)
    shown(found, " 1 of 1 promises that apply are kept. ")
    hidden(found, "**")


def test_without_a_measurement_it_says_so() -> None:
    found = section(render(accounts()), "Conformance")
    shown(found, "there is no `conformance.json` beside its spec")
    hidden(found, "./pants", "|")
