from __future__ import annotations

import copy
import json

from generator.terraform.canonical import canonicalise

_STACK = {
    "//": {"metadata": {"backend": "gcs", "version": "0.21.0"}},
    "terraform": {
        "required_providers": {"google": {"version": "6.50.0", "source": "google"}},
        "backend": {"gcs": {"prefix": "p", "bucket": "b"}},
    },
    "resource": {
        "google_project": {
            "main": {"//": {"metadata": {"path": "x/y"}}, "name": "Zürich <&>", "labels": {"//": "kept", "a": "b"}},
        }
    },
    "output": {"x": {"value": "1", "//": "remark"}},
}

_TEXT = """\
{
  "//": {
    "generated": "by ./pants msp-generate from services/a/service.yaml; edits are overwritten"
  },
  "output": {
    "x": {
      "value": "1"
    }
  },
  "resource": {
    "google_project": {
      "main": {
        "labels": {
          "//": "kept",
          "a": "b"
        },
        "name": "Zürich <&>"
      }
    }
  },
  "terraform": {
    "backend": {
      "gcs": {
        "bucket": "b",
        "prefix": "p"
      }
    },
    "required_providers": {
      "google": {
        "source": "registry.terraform.io/hashicorp/google",
        "version": "6.50.0"
      }
    }
  }
}
"""


def test_the_text_is_canonical() -> None:
    before = copy.deepcopy(_STACK)
    assert canonicalise(_STACK, origin="services/a/service.yaml") == _TEXT
    assert before == _STACK


def test_the_text_of_the_text_is_the_same() -> None:
    assert canonicalise(json.loads(_TEXT), origin="services/a/service.yaml") == _TEXT
