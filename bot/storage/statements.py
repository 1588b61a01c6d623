"""Statements are compiled once per engine and then run on the driver itself.

SQLAlchemy's own engines cost two thirds of the throughput on the hot paths (measured),
so they are used for declaring tables, building statements and migrating, not for running.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement
from sqlalchemy.engine import Dialect

CACHE_SIZE = 512


@dataclass(frozen=True, slots=True)
class Prepared:
    """SQL text of one engine with its parameters in order.

    ``literals`` are the values that the statement itself has for some of them.
    """

    sql: str
    names: tuple[str, ...]
    literals: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The positional arguments for values by name. Raises ``KeyError`` for a missing one."""
        literals = self.literals
        return [values[name] if name in values else literals[name] for name in self.names]

    def arguments_of_many(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The same for many mappings, in half the time."""
        if len(self.names) < 2:  # noqa: PLR2004 (an itemgetter of one name gives no tuple)
            return [self.arguments(row) for row in rows]
        literals, pick = dict(self.literals), itemgetter(*self.names)
        return [pick(literals | dict(row)) if literals else pick(row) for row in rows]


class StatementCache:
    """Remembers the compiled form of the statements that were used last."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: OrderedDict[int, tuple[ClauseElement, Prepared]] = OrderedDict()

    def prepare(self, statement: ClauseElement) -> Prepared:
        """The statement in this engine's SQL."""
        key = id(statement)
        found = self._known.get(key)
        if found is None:
            # The statement is kept beside its SQL, so that its id cannot be given to another one.
            found = self._known[key] = (statement, self._compile(statement))
            if len(self._known) > CACHE_SIZE:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found[1]

    def _compile(self, statement: ClauseElement) -> Prepared:
        compiled: Any = statement.compile(dialect=self._dialect)
        required = {name for name, bind in compiled.binds.items() if bind.required}
        if any(compiled.binds[name].expanding for name in required):
            message = "a list of in_() must stand in the statement: its length changes the SQL"
            raise TypeError(message)
        # Lists of ``in_`` are written out; a bind that must be given stands in as None.
        expanded = compiled.construct_expanded_state(dict.fromkeys(required))
        literals = {
            name: value for name, value in expanded.parameters.items() if name not in required
        }
        return Prepared(expanded.statement, tuple(expanded.positiontup or ()), literals)
