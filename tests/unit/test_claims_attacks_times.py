"""Attack 25: thresholds to the second, clocks that disagree, and the ends of short months."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.rules import (
    DISCORD_EPOCH,
    Member,
    Requirements,
    RuleKind,
    add_months,
    check_member,
    is_eligible,
)
from bot.clock import DAY, HOUR
from tests.conftest import NOON


def made_at(at: int) -> int:
    """The smallest Discord id that was made at an instant."""
    return (at - DISCORD_EPOCH) * 1000 << 22


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(("seconds", "passes"), [(-1, False), (0, True), (1, True)])
def test_attack_25_an_account_passes_exactly_when_it_is_old_enough(
    seconds: int, *, passes: bool
) -> None:
    member = Member(made_at(NOON))
    now = NOON + 24 * HOUR + seconds

    (result,) = check_member(member, Requirements(account_age_hours=24), now)

    assert result.passes is passes
    assert result.passes_at == NOON + 24 * HOUR


@pytest.mark.parametrize(("seconds", "passes"), [(-1, False), (0, True), (1, True)])
def test_attack_25_a_member_passes_exactly_after_so_many_days(
    seconds: int, *, passes: bool
) -> None:
    member = Member(1, joined_at=NOON)

    (result,) = check_member(member, Requirements(days_here=7), NOON + 7 * DAY + seconds)

    assert result.passes is passes
    assert result.saw == (7 if passes else 6)
    assert result.passes_at == NOON + 7 * DAY


@given(st.integers(min_value=1, max_value=10 * DAY))
def test_attack_25_a_clock_that_goes_ahead_makes_nobody_older_and_no_number_negative(
    ahead: int,
) -> None:
    member = Member(made_at(NOON + ahead), joined_at=NOON + ahead)

    results = check_member(member, Requirements(days_here=1, account_age_hours=1), NOON)

    assert [result.saw for result in results] == [0, 0]
    assert not is_eligible(results)
    assert [result.passes_at for result in results] == [NOON + DAY, NOON + HOUR]


def test_attack_25_someone_who_only_just_joined_and_has_no_date_is_new() -> None:
    (result,) = check_member(Member(1), Requirements(days_here=1), NOON)

    assert (result.kind, result.passes, result.saw) == (RuleKind.DAYS_HERE, False, 0)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-08-31T12:00", 6, "2027-02-28T12:00"),
        ("2027-08-31T12:00", 6, "2028-02-29T12:00"),
        ("2028-02-29T12:00", 12, "2029-02-28T12:00"),
        ("2028-02-29T12:00", 48, "2032-02-29T12:00"),
        ("2027-08-30T00:00", 6, "2028-02-29T00:00"),
        ("2027-12-31T23:59", 2, "2028-02-29T23:59"),
        ("2027-01-31T00:00", 1, "2027-02-28T00:00"),
        ("2027-03-14T12:00", 6, "2027-09-14T12:00"),
    ],
)
def test_attack_25_months_are_those_of_the_calendar_and_end_on_its_last_day(
    start: str, months: int, end: str
) -> None:
    assert add_months(at(start), months) == at(end)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001 (UTC by `at`)
    st.integers(min_value=1, max_value=60),
)
def test_attack_25_whatever_the_day_it_ends_in_the_right_month_and_not_after_its_day(
    start: datetime, months: int
) -> None:
    begin = int(start.replace(tzinfo=UTC).timestamp())
    end = datetime.fromtimestamp(add_months(begin, months), UTC)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert (end.hour, end.minute, end.second) == (start.hour, start.minute, start.second)
