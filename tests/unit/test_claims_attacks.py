"""The list of attacks that claims were built against, and the tests that try each of them.

A test that is named after an attack belongs to it here, and every test that stands here exists.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from tests.conftest import ROOT

ROOMS = ("unit", "store", "flows", "wire")
NAMED_AFTER = re.compile(r"test_attacks?_(\d+)(?:_and_(\d+))?_")


@dataclass(frozen=True)
class Attack:
    """What is tried, and the tests that try it, as ``room/file::function``."""

    text: str
    tests: tuple[str, ...]


ATTACKS: Mapping[int, Attack] = {
    1: Attack(
        "Clicking twice, or sending the form twice, for two codes.",
        (
            "store/test_claims_races.py::"
            "test_attack_1_a_double_click_in_two_processes_gives_one_code",
            "flows/test_claims_buttons.py::test_attack_1_a_form_that_is_sent_twice_gives_one_code",
            "flows/test_claims_waitlist.py::test_attack_1_taking_an_offer_twice_gives_one_code",
            "wire/test_claims_stress.py::"
            "test_every_code_goes_to_one_person_and_everybody_else_has_a_place",
        ),
    ),
    2: Attack(
        "Asking in two communities at once.",
        (
            "store/test_claims_races.py::"
            "test_attack_2_a_person_in_two_communities_at_once_has_one_claim",
            "flows/test_claims_buttons.py::"
            "test_attack_2_in_another_community_the_same_code_is_shown_although_it_is_off_there",
        ),
    ),
    3: Attack(
        "Leaving the community and joining it again.",
        (
            "store/test_claims_races.py::test_attack_3_leaving_and_rejoining_shows_the_same_code",
            "flows/test_claims_buttons.py::test_attack_3_leaving_and_rejoining_shows_the_same_code",
        ),
    ),
    4: Attack(
        "Two moderators approve in the same moment.",
        (
            "store/test_claims_races.py::"
            "test_attack_4_of_two_moderators_who_approve_together_one_decides",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_4_two_moderators_press_approve_in_the_same_moment",
        ),
    ),
    5: Attack(
        "One moderator approves while another refuses.",
        (
            "store/test_claims_races.py::test_attack_5_approve_against_reject_has_one_outcome",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_5_a_refusal_that_is_written_while_another_approves_comes_too_late",
        ),
    ),
    6: Attack(
        "A moderator approves while the member withdraws.",
        (
            "store/test_claims_races.py::"
            "test_attack_6_approve_against_withdraw_has_one_outcome_and_wastes_no_code",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_6_approving_and_withdrawing_in_the_same_moment_has_one_outcome",
        ),
    ),
    7: Attack(
        "Two approvals, and one code is left.",
        (
            "store/test_claims_races.py::"
            "test_attack_7_of_two_approvals_the_last_code_goes_to_one_and_the_other_waits",
            "store/test_claims_replacing.py::"
            "test_the_last_code_against_a_claim_goes_to_one_of_them",
            "wire/test_claims_stress.py::test_checking_and_then_acting_would_give_codes_out_twice",
        ),
    ),
    8: Attack(
        "The pool runs dry in the middle of an approval: the claim waits, it is not lost.",
        (
            "store/test_claims_races.py::"
            "test_attack_8_a_pool_that_empties_during_approvals_loses_nobody",
            "store/test_claims_races.py::"
            "test_attack_8_codes_that_become_void_during_approvals_lose_nobody",
            "flows/test_claims_queue.py::"
            "test_an_approval_while_nothing_is_left_is_a_place_in_the_waitlist",
        ),
    ),
    9: Attack(
        "A cap or a share below what was given out already.",
        (
            "store/test_claims_commandline.py::"
            "test_attack_9_a_cap_below_what_was_given_is_refused_in_a_sentence",
            "store/test_claims_programs.py::"
            "test_attack_9_a_cap_below_what_is_given_out_is_refused_and_changes_nothing",
            "store/test_claims_programs.py::"
            "test_attack_9_caps_and_claims_at_once_never_pass_each_other",
            "store/test_claims_races.py::"
            "test_attack_9_a_cap_below_what_is_given_out_is_refused_by_the_database",
            "flows/test_claims_settings.py::"
            "test_attack_9_a_share_below_what_was_given_is_refused_and_nothing_changes",
        ),
    ),
    10: Attack(
        "The program closes while the form is open.",
        (
            "store/test_claims_races.py::"
            "test_attack_10_a_program_that_closes_while_the_form_is_open_takes_no_claim",
            "store/test_claims_races.py::"
            "test_attack_10_who_claimed_in_time_sees_the_code_after_the_program_has_closed",
            "flows/test_claims_buttons.py::"
            "test_attack_10_a_program_that_closes_while_the_form_is_open_takes_no_claim",
            "flows/test_claims_buttons.py::"
            "test_attack_10_one_second_before_it_closes_is_in_time_and_stays_so",
        ),
    ),
    11: Attack(
        "A process is killed before the commit: nothing is spent.",
        (
            "store/test_claims_fence.py::"
            "test_attack_11_and_12_a_kill_leaves_no_code_spent_that_the_fence_does_not_know",
            "wire/test_claims_stress.py::"
            "test_attacks_11_and_12_a_death_around_the_commit_loses_no_code_and_doubles_none",
        ),
    ),
    12: Attack(
        "A process is killed after the commit and before the reply: asking shows the same code.",
        (
            "store/test_claims_fence.py::"
            "test_attack_11_and_12_a_kill_leaves_no_code_spent_that_the_fence_does_not_know",
            "flows/test_claims_member.py::test_asking_again_shows_the_same_code",
            "flows/test_claims_member.py::test_after_a_restart_the_same_code_is_shown",
            "wire/test_claims_stress.py::"
            "test_attacks_11_and_12_a_death_around_the_commit_loses_no_code_and_doubles_none",
        ),
    ),
    13: Attack(
        "The reply does not arrive: Discord knows the interaction no more, or refuses it.",
        (
            "flows/test_claims_attacks_away.py::"
            "test_attack_13_when_the_reply_fails_asking_again_shows_the_same_code",
            "flows/test_claims_attacks_away.py::"
            "test_attack_13_when_the_acknowledgement_fails_asking_shows_the_claim",
            "flows/test_claims_attacks_away.py::"
            "test_attack_13_a_claim_whose_reply_failed_is_announced_to_the_moderators",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_13_a_decision_whose_card_is_gone_is_made_and_told_to_the_member",
        ),
    ),
    14: Attack(
        "Buttons, forms and cards from before a restart.",
        (
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_14_a_replacement_that_waited_during_a_restart_is_agreed_on",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_14_cards_in_the_queue_from_before_a_restart_still_decide",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_14_a_reason_that_was_being_written_during_a_restart_arrives",
            "flows/test_claims_buttons.py::"
            "test_attack_14_a_members_buttons_from_before_a_restart_still_work",
            "flows/test_claims_settings.py::"
            "test_attack_14_the_panel_from_before_a_restart_still_works",
            "flows/test_claims_waitlist.py::test_attack_14_an_offer_from_before_a_restart_is_taken",
        ),
    ),
    15: Attack(
        "Somebody else presses the buttons of a card: refused, without a hint.",
        (
            "flows/test_claims_buttons.py::"
            "test_attack_15_somebody_elses_press_on_a_card_with_a_code_is_refused_without_a_hint",
            "flows/test_claims_buttons.py::test_attack_15_nobody_moves_the_claim_of_somebody_else",
            "flows/test_claims_buttons.py::"
            "test_attack_15_the_posted_invitation_shows_each_their_own_and_nothing_of_others",
            "flows/test_claims_buttons.py::"
            "test_a_code_reaches_its_claimant_and_nobody_else_on_any_way",
        ),
    ),
    16: Attack(
        "A moderator who lost the role presses a button that is still open.",
        (
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_16_a_moderator_who_lost_the_role_decides_nothing_any_more",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_16_nor_do_they_see_the_queue_or_revoke",
            "flows/test_claims_attacks_moderators.py::test_attack_16_nor_do_they_replace_a_code",
            "flows/test_claims_settings.py::"
            "test_attack_16_every_control_refuses_someone_who_lost_the_role",
        ),
    ),
    17: Attack(
        "A moderator decides on their own claim.",
        (
            "store/test_claims_races.py::"
            "test_attack_17_a_moderator_does_not_decide_on_their_own_claim",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_17_a_moderator_does_not_decide_on_their_own_claim",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_17_a_moderator_does_not_replace_the_code_of_their_own_claim",
        ),
    ),
    18: Attack(
        "Codes that were given out or are void are imported again.",
        (
            "store/test_claims_codes.py::test_attack_18_spent_and_void_codes_are_never_taken_back",
            "store/test_claims_codes.py::"
            "test_attack_18_a_code_of_one_program_is_not_taken_into_another",
            "store/test_claims_codes.py::"
            "test_attack_18_what_the_fence_knows_is_not_taken_into_an_empty_table",
        ),
    ),
    19: Attack(
        "Files of every sort: marks, line ends, blanks, duplicates, NUL, UTF-16, 10 MB, quotes.",
        (
            "unit/test_claims_code_files.py::"
            "test_attack_19_marks_line_ends_and_quotes_of_every_system_are_read",
            "unit/test_claims_code_files.py::"
            "test_attack_19_blank_lines_are_dropped_and_the_numbers_stay_those_of_the_file",
            "unit/test_claims_code_files.py::"
            "test_attack_19_a_doubtful_file_is_refused_as_a_whole_with_the_line",
            "unit/test_claims_code_files.py::test_attack_19_a_file_of_ten_megabytes_is_read",
            "store/test_claims_commandline.py::"
            "test_attack_19_a_malformed_line_is_told_by_number_and_nothing_is_added",
            "store/test_claims_commandline.py::"
            "test_attack_19_a_doubtful_file_is_refused_in_a_sentence",
        ),
    ),
    20: Attack(
        "Formulas in what is exported for spreadsheets.",
        (
            "unit/test_claims_report.py::"
            "test_attack_20_a_cell_that_a_spreadsheet_would_run_is_neutralised",
            "unit/test_claims_report.py::"
            "test_attack_20_no_cell_begins_like_a_formula_and_others_stay_as_they_are",
            "unit/test_claims_report.py::"
            "test_attack_20_a_formula_for_a_country_never_reaches_the_report",
        ),
    ),
    21: Attack(
        "SQL in every field.",
        (
            "store/test_claims_codes.py::"
            "test_attack_21_what_is_no_end_of_a_fingerprint_voids_nothing",
            "flows/test_claims_words.py::"
            "test_attack_21_sql_in_every_field_is_words_and_nothing_else",
            "flows/test_claims_words.py::"
            "test_attack_21_sql_for_a_country_is_a_country_that_nobody_knows",
        ),
    ),
    22: Attack(
        "Mentions, masked links and code fences in free text.",
        (
            "flows/test_claims_words.py::test_attack_22_free_text_calls_nobody_and_takes_no_effect",
            "flows/test_claims_words.py::test_attack_22_a_code_that_has_fences_in_it_is_readable",
        ),
    ),
    23: Attack(
        "Handles and codes of invisible, reversed or look-alike characters.",
        (
            "unit/test_claims_keys.py::"
            "test_attack_23_a_code_that_looks_the_same_has_the_same_fingerprint",
            "store/test_claims_codes.py::test_attack_23_one_malformed_line_and_nothing_is_added",
            "store/test_claims_races.py::test_attack_23_a_handle_that_nobody_can_see_is_none",
            "flows/test_claims_words.py::"
            "test_attack_23_a_handle_that_only_looks_different_is_the_same_and_is_compared",
            "flows/test_claims_words.py::"
            "test_attack_23_letters_of_another_alphabet_are_shown_to_the_moderators",
            "flows/test_claims_words.py::"
            "test_attack_23_handles_of_one_alphabet_are_nothing_to_look_at",
            "flows/test_claims_words.py::test_attack_23_a_handle_that_nobody_can_see_is_none",
        ),
    ),
    24: Attack(
        "Four thousand characters, emoji, and whatever else is as long as it may be.",
        (
            "unit/test_claims_notices.py::"
            "test_a_message_that_comes_by_itself_has_nothing_to_press_and_fits",
            "flows/test_claims_buttons.py::"
            "test_attack_24_twenty_five_programs_are_all_within_reach",
            "flows/test_claims_words.py::"
            "test_attack_24_four_thousand_characters_are_cut_and_fit_on_every_card",
            "flows/test_claims_words.py::"
            "test_attack_24_the_longest_program_fits_on_every_card_of_its_members",
            "flows/test_claims_words.py::"
            "test_attack_24_the_longest_program_fits_on_every_card_of_its_moderators",
            "flows/test_claims_words.py::test_attack_24_a_program_that_would_not_fit_is_refused",
        ),
    ),
    25: Attack(
        "Exactly at a threshold, a clock that goes wrong, 31 August and 29 February.",
        (
            "unit/test_claims_attacks_times.py::"
            "test_attack_25_an_account_passes_exactly_when_it_is_old_enough",
            "unit/test_claims_attacks_times.py::"
            "test_attack_25_a_member_passes_exactly_after_so_many_days",
            "unit/test_claims_attacks_times.py::"
            "test_attack_25_a_clock_that_goes_ahead_makes_nobody_older_and_no_number_negative",
            "unit/test_claims_attacks_times.py::"
            "test_attack_25_someone_who_only_just_joined_and_has_no_date_is_new",
            "unit/test_claims_attacks_times.py::"
            "test_attack_25_months_are_those_of_the_calendar_and_end_on_its_last_day",
            "unit/test_claims_attacks_times.py::"
            "test_attack_25_whatever_the_day_it_ends_in_the_right_month_and_not_after_its_day",
            "store/test_claims_programs.py::"
            "test_attack_25_six_months_from_the_31st_end_on_the_last_of_february",
        ),
    ),
    26: Attack(
        "Refused, claimed anew, and then the old appeal.",
        (
            "store/test_claims_races.py::"
            "test_attack_26_after_asking_anew_the_old_appeal_is_refused",
            "store/test_claims_races.py::"
            "test_attack_26_an_appeal_against_asking_anew_leaves_one_live_claim",
            "store/test_claims_races.py::"
            "test_attack_26_an_appeal_is_made_once_and_decided_by_somebody_else",
            "store/test_claims_races.py::"
            "test_attack_26_who_refused_does_not_decide_on_the_appeal_after_somebody_asked_for_more",
            "store/test_claims_races.py::"
            "test_attack_26_an_appeal_whose_handle_somebody_else_has_by_now_is_compared",
            "flows/test_claims_buttons.py::"
            "test_attack_26_the_old_appeal_is_refused_after_claiming_anew",
        ),
    ),
    27: Attack(
        "Erase everything, then ask again: refused without naming anyone.",
        (
            "store/test_claims_privacy.py::"
            "test_attack_27_erase_then_ask_again_is_refused_everywhere_without_naming_anyone",
            "store/test_claims_privacy.py::"
            "test_attack_27_a_hundred_times_at_once_gives_no_second_code",
            "store/test_claims_privacy.py::"
            "test_attack_27_erasing_while_it_is_approved_ends_in_one_of_two_ways",
            "store/test_claims_races.py::"
            "test_attack_27_after_erasing_a_second_code_is_refused_without_naming_anyone",
            "store/test_claims_races.py::"
            "test_attack_27_erasing_while_claiming_leaves_one_code_at_most",
            "store/test_claims_races.py::"
            "test_attack_27_nobody_approves_a_claim_whose_person_erased_their_data",
            "store/test_erasures.py::test_who_erased_is_known_from_that_instant_on",
            "flows/test_claims_buttons.py::"
            "test_attack_27_after_erasing_asking_again_is_refused_and_names_nobody",
        ),
    ),
    28: Attack(
        "Revoked, then ask again.",
        (
            "store/test_claims_races.py::"
            "test_attack_28_whoever_was_revoked_is_told_so_and_gets_no_other_code",
            "flows/test_claims_attacks_moderators.py::"
            "test_attack_28_whoever_was_revoked_asks_again_and_gets_nothing",
        ),
    ),
    29: Attack(
        "A wrong key, or none, at the start.",
        (
            "unit/test_claims_keys.py::"
            "test_attack_29_another_key_opens_nothing_and_is_named_without_the_code",
            "store/test_claims_canaries.py::"
            "test_attack_29_a_wrong_or_missing_key_is_named_and_nothing_is_written",
            "store/test_claims_canaries.py::"
            "test_attack_29_a_wrong_key_is_found_although_no_code_is_there_yet",
            "store/test_claims_commandline.py::"
            "test_attack_29_with_other_keys_every_command_refuses_and_names_the_setting",
        ),
    ),
    30: Attack(
        "Encrypted codes that were swapped between rows.",
        (
            "unit/test_claims_keys.py::test_attack_30_a_ciphertext_in_another_row_is_refused",
            "unit/test_claims_keys.py::test_attack_30_a_ciphertext_in_another_program_is_refused",
            "store/test_claims_canaries.py::test_attack_30_a_canary_that_was_exchanged_is_found",
            "store/test_claims_codes.py::"
            "test_attack_30_swapped_rows_stop_the_encryption_and_name_no_code",
        ),
    ),
    31: Attack(
        "An old backup is restored: codes that were given out since are not given again.",
        (
            "store/test_claims_backups.py::"
            "test_attack_31_after_a_restore_nobody_gets_a_code_that_somebody_has",
            "store/test_claims_backups.py::"
            "test_attack_31_a_backup_that_is_copied_by_hand_is_found_out_at_the_start",
            "store/test_claims_commandline.py::"
            "test_attack_31_the_restore_command_closes_off_what_was_given_out_since",
            "store/test_claims_fence.py::"
            "test_attack_31_codes_given_out_since_an_old_backup_are_not_given_again",
            "store/test_claims_fence.py::"
            "test_attack_31_without_the_fence_the_old_backup_gives_them_again",
            "store/test_claims_fence.py::"
            "test_attack_31_codes_voided_since_an_old_backup_are_void_again",
            "store/test_restored_erasures.py::"
            "test_restoring_a_backup_erases_again_and_says_how_many",
        ),
    ),
    32: Attack(
        "Several processes of the bot at once.",
        (
            "store/test_claims_codes.py::test_two_imports_at_once_add_each_code_once",
            "store/test_claims_programs.py::"
            "test_two_processes_that_apply_a_new_program_make_one_pepper",
            "store/test_claims_waitlist.py::"
            "test_two_processes_that_move_at_once_offer_each_place_once",
            "store/test_claims_chores.py::test_two_processes_at_once_tell_an_offer_once",
            "store/test_claims_chores.py::test_two_processes_at_once_give_a_notice_once",
            "store/test_claims_reminders.py::test_of_two_processes_one_sends",
            "wire/test_claims_stress.py::"
            "test_every_code_goes_to_one_person_and_everybody_else_has_a_place",
        ),
    ),
    33: Attack(
        "A crash between sending a message and marking it as sent.",
        (
            "store/test_claims_chores.py::"
            "test_attack_33_a_crash_between_sending_and_marking_does_not_tell_an_offer_twice",
            "store/test_claims_reminders.py::"
            "test_attack_33_a_crash_between_sending_and_marking_does_not_remind_twice",
        ),
    ),
    34: Attack(
        "A code that is unlike any other, sent through everything: only its owner ever sees it.",
        (
            "store/test_claims_canary.py::"
            "test_attack_34_a_canary_is_found_nowhere_but_with_its_claimant",
            "store/test_claims_canary.py::"
            "test_attack_34_an_engine_that_refuses_a_row_is_not_quoted",
            "store/test_claims_codes.py::"
            "test_attack_34_a_code_stands_in_no_page_log_backup_or_fence",
        ),
    ),
    35: Attack(
        "The database goes away in the middle: an honest message, and nothing half done.",
        (
            "store/test_claims_attacks_away.py::"
            "test_attack_35_a_claim_whose_connection_dies_is_not_there_and_can_be_made_again",
            "store/test_claims_attacks_away.py::"
            "test_attack_35_an_approval_whose_connection_dies_leaves_the_claim_waiting",
            "store/test_claims_attacks_away.py::test_attack_35_an_offer_whose_taking_dies_is_kept",
            "store/test_claims_fence.py::"
            "test_attack_35_without_a_writable_fence_no_code_is_given_and_nothing_is_half_done",
            "store/test_claims_chores.py::"
            "test_a_database_that_is_away_ends_the_minute_and_the_next_one_goes_on",
            "flows/test_claims_attacks_away.py::"
            "test_attack_35_a_database_that_falls_away_in_the_middle_leaves_nothing_half_done",
            "flows/test_claims_attacks_away.py::"
            "test_attack_35_an_approval_that_falls_away_in_the_middle_leaves_the_claim_waiting",
            "flows/test_claims_attacks_away.py::"
            "test_attack_35_a_fence_that_cannot_be_written_gives_no_code",
            "flows/test_claims_attacks_away.py::"
            "test_attack_35_a_database_that_is_closed_is_said_kindly",
        ),
    ),
}


@cache
def functions_of(path: str) -> frozenset[str]:
    """The names of the test functions of a file under ``tests``, without importing it."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, defined))


def named_after_attacks() -> Iterator[tuple[int, str]]:
    """Every test that is named after an attack, with its number."""
    for room in ROOMS:
        for path in sorted((ROOT / "tests" / room).glob("test_*.py")):
            for name in functions_of(f"{room}/{path.name}"):
                match = NAMED_AFTER.match(name)
                for number in match.groups() if match else ():
                    if number is not None:
                        yield int(number), f"{room}/{path.name}::{name}"


def test_there_are_thirty_five_attacks_and_each_is_tried() -> None:
    assert list(ATTACKS) == list(range(1, 36))
    assert all(attack.text and attack.tests for attack in ATTACKS.values())


@pytest.mark.parametrize("number", ATTACKS)
def test_every_test_of_an_attack_exists_and_stands_there_once(number: int) -> None:
    tests = ATTACKS[number].tests

    assert len(set(tests)) == len(tests)
    for test in tests:
        path, _, name = test.partition("::")
        assert name in functions_of(path), test


def test_every_test_that_is_named_after_an_attack_stands_there() -> None:
    missing = [
        f"{number}: {test}"
        for number, test in named_after_attacks()
        if test not in ATTACKS[number].tests
    ]

    assert missing == []
