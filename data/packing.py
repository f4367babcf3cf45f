"""Frozen records to and from JSON, for the columns that hold what the crawler alone understands."""

import json
import types
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def pack(record: Any) -> str | None:
    """A dataclass as JSON; what has its default is left out; ``None`` stays ``None``."""
    if record is None:
        return None
    kept = {f.name: getattr(record, f.name) for f in fields(record) if getattr(record, f.name) != f.default}
    return json.dumps(kept, default=_plain, ensure_ascii=False)


def unpack(text: str | None, kind: type[T]) -> T | None:
    """The record that `pack` wrote; fields it does not know are left out."""
    return None if text is None else _record(json.loads(text), kind)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"cannot pack {value!r}")


def _record(found: dict[str, Any], kind: type[T]) -> T:
    hints = get_type_hints(kind)
    return kind(**{name: _value(found[name], hint) for name, hint in hints.items() if name in found})


def _value(found: Any, hint: Any) -> Any:
    if found is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        hints = [inner[0]] * len(found) if inner[-1] is Ellipsis else list(inner)
        return tuple(_value(item, h) for item, h in zip(found, hints, strict=True))
    if hint in (date, datetime):
        return hint.fromisoformat(found)
    return _record(found, hint) if isinstance(hint, type) and is_dataclass(hint) else found
