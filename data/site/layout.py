"""How templates become pages: what Jinja does for any value of any program is done the short way for those of ours."""

import re
import sqlite3
from types import FunctionType, MethodType
from typing import Any

from jinja2 import Environment, Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape


class Plain(Template):
    """A template laid out at once: one that may wait at each word, as Datasette makes them, takes twice as long."""

    @classmethod
    def _from_namespace(cls, environment: Environment, namespace: Any, globals: Any) -> Template:
        namespace["escape"] = shown
        return super()._from_namespace(environment, namespace, globals)

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        return self.render(*args, **kwargs)


class Calls(Context):
    """What a template knows; its macros, functions and methods are called without asking what else they might be."""

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(function) is Macro:
            args = (self.eval_ctx, *args)
        elif type(function) not in _PLAIN or hasattr(function, "jinja_pass_arg"):
            return super().call(function, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return function(*args, **kwargs)


def prepare(env: Environment) -> None:
    """Lay out the templates of this environment so."""
    env.is_async = False
    env.template_class = Plain
    env.context_class = Calls
    stock = env.getattr

    def member(value: Any, name: str) -> Any:
        """A column of a row is no attribute, and to find that out costs as much as ten columns."""
        kind = type(value)
        if kind is sqlite3.Row:
            try:
                return value[name]
            except IndexError:
                return env.undefined(obj=value, name=name)
        if kind is dict and name in value and not hasattr(dict, name):
            return value[name]
        return stock(value, name)

    setattr(env, "getattr", member)  # noqa: B010  # a method of one object, of which mypy knows nothing


def shown(value: object) -> str:
    """A value as part of a page; most need no escaping, and to find that out costs a tenth of escaping them.

    >>> shown("Café"), shown("<b>"), shown(Markup("<b>")), shown(7)
    ('Café', Markup('&lt;b&gt;'), Markup('<b>'), '7')
    """
    if isinstance(value, Markup) or (isinstance(value, str) and not _SPECIAL(value)):
        return value
    return str(value) if isinstance(value, int) else escape(value)


_PLAIN = (FunctionType, MethodType)
_SPECIAL = re.compile(r"""[&<>'"]""").search
