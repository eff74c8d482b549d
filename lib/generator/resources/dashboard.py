"""A dashboard of Cloud Monitoring: groups of charts, two beside each other.

Format: https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from generator.engine import google
from generator.literal import literal

COLUMNS = 48
CHART_HEIGHT = 16
HEAD_HEIGHT = 12


@dataclass(frozen=True)
class Chart:
    """Lines over time, with a line across where an alert's threshold is.

    queries  legend → PromQL; the one whose legend is empty has a line for each of its labels' values
    """

    title: str
    unit: str
    queries: Mapping[str, str]
    threshold: int | None = None


@dataclass(frozen=True)
class Config:
    project_id: str
    display_name: str
    text: str
    """Markdown at the top."""
    groups: Mapping[str, Sequence[Chart]]


def new(scope: Construct, id: str, config: Config) -> None:
    google.monitoring_dashboard.MonitoringDashboard(
        scope,
        id,
        project=config.project_id,
        dashboard_json=literal(json.dumps(_document(config), sort_keys=True, ensure_ascii=False)),
    )


def _document(config: Config) -> dict[str, Any]:
    head = [
        _tile(0, 0, COLUMNS // 2, HEAD_HEIGHT, {"text": {"content": config.text, "format": "MARKDOWN"}}),
        _tile(COLUMNS // 2, 0, COLUMNS // 2, HEAD_HEIGHT, {"title": "Open incidents", "incidentList": {}}),
    ]
    tiles, top = head, HEAD_HEIGHT
    for title, charts in config.groups.items():
        height = -(-len(charts) // 2) * CHART_HEIGHT
        tiles.append(_tile(0, top, COLUMNS, height, {"title": title, "collapsibleGroup": {"collapsed": False}}))
        tiles += [
            _tile(index % 2 * COLUMNS // 2, top + index // 2 * CHART_HEIGHT, COLUMNS // 2, CHART_HEIGHT, _chart(chart))
            for index, chart in enumerate(charts)
        ]
        top += height
    return {
        "displayName": config.display_name,
        "mosaicLayout": {"columns": COLUMNS, "tiles": tiles},
    }


def _tile(x: int, y: int, width: int, height: int, widget: dict[str, Any]) -> dict[str, Any]:
    # Zero is the default there, and is left out of what Google answers: written, it would show as a change for ever.
    place = {key: value for key, value in {"xPos": x, "yPos": y}.items() if value}
    return {**place, "width": width, "height": height, "widget": widget}


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "xyChart": {
            "chartOptions": {"mode": "COLOR"},
            "dataSets": [
                {
                    **({"legendTemplate": legend} if legend else {}),
                    "plotType": "LINE",
                    "targetAxis": "Y1",
                    "timeSeriesQuery": {"prometheusQuery": query},
                }
                for legend, query in chart.queries.items()
            ],
            "thresholds": [{"value": chart.threshold, "targetAxis": "Y1"}] if chart.threshold is not None else [],
            "yAxis": {"label": chart.unit, "scale": "LINEAR"},
        },
    }
