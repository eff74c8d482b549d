"""Values that are known only to Terraform, and how they hide inside Python strings, numbers, lists and maps.

Mirrors CDKTF's TokenMap and its encodings (tokens/private/encoding): a string token is `${TfToken[TOKEN.7]}`, a
list token the list `["#{TfToken[TOKEN.7]}"]`, a map token the map `{"&{TfToken[TOKEN.7]}": …}`, a number token a
double whose top 16 bits are a marker and whose low 48 bits are the token's ordinal. So a token survives f-strings,
`json.dumps` and concatenation, and is found again when the stack is rendered.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

from generator.engine.errors import EngineError

if TYPE_CHECKING:
    from generator.engine.native.resolve import Context

KEY = r"[a-zA-Z0-9:._-]+"
STRING_TOKEN = re.compile(r"\$\{TfToken\[(" + KEY + r")\]\}")
LIST_TOKEN = re.compile(r"#\{TfToken\[(" + KEY + r")\]\}")
MAP_TOKEN = re.compile(r"&\{TfToken\[(" + KEY + r")\]\}")
TOKEN_HINT = "{TfToken["
"""In every encoded token but a number: the cheap test before the expressions above."""
NUMBER_HINT = "e+298"
"""In the decimal text of every number token: its exponent follows from the marker bits."""
NUMBER_TEXT = re.compile(r"-8\.\d+e\+298", re.ASCII)
"""The decimal text of a number token."""

STRING_MAP_VALUE = "String Map Token Value"
ANY_MAP_VALUE = "Any Map Token Value"
NUMBER_MAP_VALUE = -123456789


class Null:
    """JavaScript's null: a value that is there and is null, where None means "not given"."""


NULL = Null()

_NUMBER_MARK = 0xFDFF
_NUMBER_LIST_MARK = 0xFBFF
_ORDINAL_MASK = 0xFFFFFFFFFFFF


class Resolvable:
    """A value that gives its final form only when a stack is rendered (CDKTF's IResolvable).

    Stacks see these objects where CDKTF returns an IResolvable: boolean attributes, conditions, any-values.
    """

    _encoded: dict[str, Any] | None = None

    def resolve_in(self, context: Context) -> Any:
        """The value in the context of one stack; may contain further tokens."""
        raise NotImplementedError

    def to_string(self) -> str:
        """The string token that stands for this value."""
        return TOKENS.string(self)

    @property
    def creation_stack(self) -> list[str]:
        """Part of the IResolvable interface; the native engine records no stack traces."""
        return []

    def __format__(self, spec: str) -> str:
        # jsii prints the proxy's address here, which would reach Terraform unnoticed
        raise TypeError("a Terraform value of this type cannot be put into a string directly: use .to_string()")


class Intrinsic(Resolvable):
    """A plain value in a token's clothes (CDKTF's Intrinsic): what `Token.as_any(5)` makes."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def resolve_in(self, context: Context) -> Any:
        return self.value


class TokenMap:
    """Every token made in this process, by the key or ordinal in its encoded form."""

    def __init__(self) -> None:
        self._by_key: dict[str, Resolvable] = {}
        self._by_ordinal: dict[int, Resolvable] = {}
        self._next = 0

    def string(self, value: Any) -> str:
        """`Token.asString`: a string stays, everything else becomes a string token."""
        if isinstance(value, str):
            return value
        encoded: str = self._once(value, "string", lambda key: "${TfToken[" + key + "]}")
        return encoded

    def number(self, value: Any) -> float:
        """`Token.asNumber`: a number stays, everything else becomes a number token."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        return self._number(value, "number", _NUMBER_MARK)

    def items(self, value: Any) -> list[Any]:
        """`Token.asList`: a list of strings stays, everything else becomes a list token."""
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        return [self._once(value, "list", lambda key: "#{TfToken[" + key + "]}")]

    def number_list(self, value: Any) -> list[Any]:
        """`Token.asNumberList`: like `list`, for numbers."""
        if isinstance(value, list) and all(isinstance(item, (int, float)) for item in value):
            return value
        return [self._number(value, "number list", _NUMBER_LIST_MARK)]

    def map(self, value: Any, placeholder: Any) -> dict[str, Any]:
        """`Token.asMap`: always a map token; `placeholder` is the value that CDKTF puts under its key."""
        return {self._once(value, "map", lambda key: "&{TfToken[" + key + "]}"): placeholder}

    def lookup(self, key: str) -> Resolvable:
        """The token of an encoded key; a key that nobody registered is an error, as in CDKTF."""
        try:
            return self._by_key[key]
        except KeyError:
            raise EngineError(f"Unrecognized Token Key '{key}': a token of another app or process") from None

    def lookup_number(self, number: float, *, in_list: bool = False) -> Resolvable | None:
        """The token encoded in a number, or None for a number that is just a number."""
        ordinal = number_ordinal(number, in_list=in_list)
        if ordinal is None:
            return None
        try:
            return self._by_ordinal[ordinal]
        except KeyError:
            raise EngineError("Encoded representation of unknown number Token found") from None

    def _once(self, value: Any, form: str, encode: Any) -> Any:
        """Each value has one encoding per form, so that a value used twice is recognisable as the same."""
        token = as_any(value)
        if token._encoded is None:
            token._encoded = {}
        if form not in token._encoded:
            key = f"TOKEN.{self._next}"
            self._next += 1
            self._by_key[key] = token
            token._encoded[form] = encode(key)
        return token._encoded[form]

    def _number(self, value: Any, form: str, mark: int) -> float:
        token = as_any(value)
        if token._encoded is None:
            token._encoded = {}
        if form not in token._encoded:
            ordinal = self._next
            self._next += 1
            self._by_ordinal[ordinal] = token
            token._encoded[form] = struct.unpack("<d", struct.pack("<Q", mark << 48 | ordinal))[0]
        number: float = token._encoded[form]
        return number


def as_any(value: Any) -> Resolvable:
    """`Token.asAny`: the value itself where it can resolve, otherwise an Intrinsic around it."""
    return value if isinstance(value, Resolvable) else Intrinsic(value)


def number_ordinal(number: float, *, in_list: bool = False) -> int | None:
    """The ordinal that a number token carries, or None for an ordinary number."""
    if not isinstance(number, float):
        return None
    bits: int = struct.unpack("<Q", struct.pack("<d", number))[0]
    if bits >> 48 != (_NUMBER_LIST_MARK if in_list else _NUMBER_MARK):
        return None
    return bits & _ORDINAL_MASK


def is_unresolved(value: Any) -> bool:
    """`Token.isUnresolved`: does the value stand for something that only Terraform knows?"""
    if isinstance(value, str):
        return STRING_TOKEN.search(value) is not None
    if isinstance(value, float):
        return number_ordinal(value) is not None
    if isinstance(value, list) and len(value) == 1:
        return is_list_token(value)
    if isinstance(value, dict) and is_map_token(value):
        return True
    return isinstance(value, Resolvable)


def lost_number(text: str) -> str:
    """Why a number token in `text` would reach Terraform as digits, and what to write instead."""
    return (
        f"a number that only Terraform knows stands in {text!r} where CDKTF does not find it again: "
        "put it in with Token.as_string(Token.as_any(number))"
    )


def is_list_token(value: list[Any]) -> bool:
    """Does the list hold an encoded list or number list token?"""
    return any(
        LIST_TOKEN.search(item) is not None
        if isinstance(item, str)
        else isinstance(item, float) and number_ordinal(item, in_list=True) is not None
        for item in value
    )


def is_map_token(value: dict[str, Any]) -> bool:
    """Does the map have an encoded map token as a key?"""
    return any(isinstance(key, str) and MAP_TOKEN.search(key) is not None for key in value)


TOKENS = TokenMap()
"""One map per process, as in CDKTF: tokens made while modules are imported must outlive every app."""
