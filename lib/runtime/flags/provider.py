"""OpenFeature's side: a provider that answers from `Flags`, and a hook that tells traces of it.

https://openfeature.dev/specification/sections/providers
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import FlagEvaluationDetails, FlagResolutionDetails, FlagValueType, Reason
from openfeature.hook import Hook, HookContext, HookHints
from openfeature.provider import AbstractProvider, Metadata
from opentelemetry import trace

PROVIDER = "runtime"

Chosen: TypeAlias = tuple[str, Any, Reason]
"""Variant, value and why."""

Choose: TypeAlias = Callable[[str, str | None, Mapping[str, Any]], Chosen | None]
"""Flag, actor and attributes -> what it is; None where there is no such flag."""

Details: TypeAlias = FlagResolutionDetails[Any]


class Provider(AbstractProvider):
    """Answers at once from what is known; the asynchronous calls look first whether that is still so."""

    def __init__(self, choose: Choose, refresh_soon: Callable[[], None], fresh: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._choose = choose
        self._refresh_soon = refresh_soon
        self._fresh = fresh

    def get_metadata(self) -> Metadata:
        return Metadata(name=PROVIDER)

    def get_provider_hooks(self) -> list[Hook]:
        return [TraceHook()]

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        return self._resolve(flag_key, default_value, evaluation_context, bool)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        return self._resolve(flag_key, default_value, evaluation_context, str)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        return self._resolve(flag_key, default_value, evaluation_context, int)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        return self._resolve(flag_key, default_value, evaluation_context, float)

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[FlagValueType] | Mapping[str, FlagValueType],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Sequence[FlagValueType] | Mapping[str, FlagValueType]]:
        return self._resolve(flag_key, default_value, evaluation_context, (dict, list))

    async def resolve_boolean_details_async(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        await self._fresh()
        return self.resolve_boolean_details(flag_key, default_value, evaluation_context)

    async def resolve_string_details_async(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        await self._fresh()
        return self.resolve_string_details(flag_key, default_value, evaluation_context)

    async def resolve_integer_details_async(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        await self._fresh()
        return self.resolve_integer_details(flag_key, default_value, evaluation_context)

    async def resolve_float_details_async(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        await self._fresh()
        return self.resolve_float_details(flag_key, default_value, evaluation_context)

    async def resolve_object_details_async(
        self,
        flag_key: str,
        default_value: Sequence[FlagValueType] | Mapping[str, FlagValueType],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Sequence[FlagValueType] | Mapping[str, FlagValueType]]:
        await self._fresh()
        return self.resolve_object_details(flag_key, default_value, evaluation_context)

    def _resolve(
        self, flag: str, default: Any, context: EvaluationContext | None, type: type | tuple[type, ...]
    ) -> Details:
        self._refresh_soon()
        known = context or EvaluationContext()
        chosen = self._choose(flag, known.targeting_key, known.attributes)
        if chosen is None:
            text = f"flag {flag!r} is not defined in flags.toml"
            return FlagResolutionDetails(default, ErrorCode.FLAG_NOT_FOUND, text, Reason.ERROR)
        variant, value, reason = chosen
        if type is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, type) or (isinstance(value, bool) and type is not bool):
            text = f"flag {flag!r} has another type"
            return FlagResolutionDetails(default, ErrorCode.TYPE_MISMATCH, text, Reason.ERROR)
        return FlagResolutionDetails(value, reason=reason, variant=variant)


class TraceHook(Hook):
    """An event on the current span, as OpenTelemetry has it; without who asked, which is nobody's but the service's.

    https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/
    """

    def finally_after(
        self, hook_context: HookContext, details: FlagEvaluationDetails[FlagValueType], hints: HookHints
    ) -> None:
        span = trace.get_current_span()
        if not span.is_recording():
            return
        attributes = {
            "feature_flag.key": details.flag_key,
            "feature_flag.provider.name": PROVIDER,
            "feature_flag.result.reason": str(details.reason or Reason.UNKNOWN).lower(),
        }
        if details.variant is not None:
            attributes["feature_flag.result.variant"] = details.variant
        if details.error_code is not None:
            attributes["error.type"] = str(details.error_code.value).lower()
        span.add_event("feature_flag.evaluation", attributes)
