"""Cycles in what refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def cycles(edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """One cycle for each group of nodes that reach each other, each beginning with its smallest node, sorted."""
    return sorted(_shortest_cycle(group, edges) for group in _components(edges) if _is_cyclic(group, edges))


def _is_cyclic(group: set[str], edges: Mapping[str, Iterable[str]]) -> bool:
    node = next(iter(group))
    return len(group) > 1 or node in edges.get(node, ())


def _shortest_cycle(group: set[str], edges: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A shortest way inside the group from its smallest node back to it."""
    start = min(group)
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for target in sorted(set(edges.get(way[-1], ()))):
            if target == start:
                return way
            if target in group and target not in seen:
                seen.add(target)
                ways.append((*way, target))
    raise AssertionError(f"{start} is in no cycle")


def _components(edges: Mapping[str, Iterable[str]]) -> list[set[str]]:
    """The strongly connected components, by Tarjan's algorithm without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    components: list[set[str]] = []
    for root in sorted(edges):
        if root in index:
            continue
        work = [(root, iter(sorted(set(edges.get(root, ())))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    start = stack.index(node)
                    component = set(stack[start:])
                    del stack[start:]
                    on_stack -= component
                    components.append(component)
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(sorted(set(edges.get(target, ()))))))
            elif target in on_stack:
                low[node] = min(low[node], index[target])
    return components
