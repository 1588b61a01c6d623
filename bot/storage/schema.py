"""What every table of Breather is declared with.

Values are portable between SQLite and PostgreSQL: integers (64 bits; instants are
UTC epoch seconds, truths are 0 and 1), text, and JSON as text.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)
"""Every table of every feature; migrations are compared with it."""

WholeNumber = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit integer on both engines (SQLite numbers rows by itself only for INTEGER keys)."""


def person_id(name: str = "user_id", **options: Any) -> Column[int]:  # noqa: ANN401 (Column's own)
    """A column that holds a person's Discord id.

    A table with such a column must be enrolled in ``bot.privacy``: a test fails otherwise.
    """
    return Column(name, WholeNumber, info={"person": True}, **options)
