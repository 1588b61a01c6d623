"""Lists as parameters: JSON text that the database itself takes apart, on both engines.

``in_()`` writes its values into the SQL, which is made anew for each length. With these a
statement over many values is compiled once.
"""

from typing import Any

from sqlalchemy import BigInteger, Select, Text, bindparam, cast, column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _JsonItems(FunctionElement[Any]):
    """The items of a JSON list, as rows of one column ``value``."""

    name = "json_items"
    inherit_cache = True


@compiles(_JsonItems, "sqlite")
def _on_sqlite(items: _JsonItems, compiler: Any, **options: Any) -> str:  # noqa: ANN401 (SQLAlchemy's own)
    return f"json_each({compiler.process(items.clauses, **options)})"


@compiles(_JsonItems, "postgresql")
def _on_postgresql(items: _JsonItems, compiler: Any, **options: Any) -> str:  # noqa: ANN401
    given = compiler.process(items.clauses, **options)
    return f"jsonb_array_elements_text(CAST({given} AS jsonb))"


def texts_of(name: str) -> Select[tuple[str]]:
    """The texts of a JSON list that is given as the parameter ``name``, for ``in_()``."""
    return select(_items(name))


def ids_of(name: str) -> Select[tuple[int]]:
    """The whole numbers of a JSON list that is given as the parameter ``name``."""
    return select(cast(_items(name), BigInteger))


def _items(name: str) -> Any:  # noqa: ANN401 (a column)
    given = _JsonItems(bindparam(name, type_=Text))
    return given.table_valued(column("value", Text), name=f"{name}_given").c.value
