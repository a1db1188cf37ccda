//! The rules of the operation store, as one list of tests for both adapters: in memory, which other tests rely on,
//! and AWS. And the rules of whole operations, whose processes are killed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the failure")]

mod broken_aws;
mod kills;
mod rules;
mod trace;

/// Makes each rule a test of the store from `$open`. The test passes at once if there is no store.
macro_rules! tests {
    ($open:path: $($theme:ident { $($rule:ident,)* })*) => {
        $(mod $theme {
            $(#[tokio::test]
            async fn $rule() {
                if let Some(store) = $open().await {
                    crate::rules::$theme::$rule(&store).await;
                }
            })*
        })*
    };
}

macro_rules! every_rule {
    ($open:path) => {
        tests! { $open:
            creating {
                a_new_operation_is_read_as_it_was_written,
                a_repeated_id_returns_the_first_operation,
                a_repeated_key_returns_the_first_operation_whatever_the_id,
                two_owners_may_use_the_same_key,
                an_operation_refused_for_its_id_does_not_reserve_its_key,
                an_expired_operation_frees_its_id_and_its_key,
                of_twenty_concurrent_creates_with_one_id_one_succeeds,
                of_twenty_concurrent_creates_with_one_key_one_succeeds,
            }
            withdrawing {
                a_withdrawn_operation_is_gone_with_its_key,
                the_key_of_a_withdrawn_operation_works_with_another_id,
                an_operation_that_another_has_claimed_is_not_withdrawn,
                a_request_withdraws_the_operation_that_it_has_claimed,
                an_operation_on_which_a_repeat_relies_is_not_withdrawn,
                only_an_operation_that_exists_can_be_promised,
                an_operation_that_was_handed_over_or_has_ended_is_not_withdrawn,
                a_repeated_withdrawal_does_not_hit_the_next_operation_of_the_id,
                withdrawing_an_unknown_operation_succeeds,
            }
            sweeping {
                an_operation_is_due_after_two_minutes,
                an_operation_that_was_looked_at_or_promised_is_due_at_its_deadline,
                an_operation_of_a_short_time_is_due_at_its_deadline,
                an_end_is_due_until_it_is_announced,
                a_withdrawn_operation_is_not_due,
            }
            claiming {
                a_worker_gets_the_operation_and_its_request,
                a_second_worker_has_to_wait_for_the_lease_to_lapse,
                a_lease_of_zero_length_lapses_at_once,
                a_released_operation_is_free_at_once_and_has_one_more_failure,
                an_operation_that_was_handed_over_cannot_be_claimed,
                an_operation_that_was_put_off_is_claimed_again_with_its_ticket,
                an_ended_operation_cannot_be_claimed,
                an_unknown_or_expired_operation_cannot_be_claimed,
                of_twenty_concurrent_claims_one_succeeds,
                a_request_of_any_length_is_read_as_it_was_written,
            }
            fencing {
                a_worker_thought_dead_changes_nothing,
                a_lapsed_lease_still_counts_until_another_claim,
                a_released_or_handed_over_claim_is_not_extended,
                releasing_twice_counts_one_failure,
                handing_over_twice_succeeds,
                who_finishes_what_was_handed_over_knows_what_was_asked_and_how_far_it_was,
                after_the_end_nothing_changes,
                an_unknown_or_expired_operation_does_not_change,
                a_late_write_for_a_withdrawn_operation_does_not_hit_its_successor,
            }
            finishing {
                the_first_outcome_stays,
                a_completion_ends_a_running_operation,
                a_completion_ends_an_operation_that_was_handed_over,
                an_error_keeps_its_type,
                an_unknown_or_expired_operation_cannot_be_ended,
                of_twenty_concurrent_outcomes_one_is_stored,
                only_the_end_of_an_operation_can_be_announced,
                a_cancelled_operation_has_no_text_and_stays_cancelled,
                of_twenty_concurrent_cancellations_and_results_one_is_stored,
            }
            reading {
                an_outcome_of_any_length_is_read_as_it_was_written,
                an_operation_that_has_not_ended_has_no_outcome,
                an_expired_operation_does_not_exist,
                an_outcome_is_not_fetched_for_a_caller_who_may_not_read_it,
                missing_fields_stay_missing,
                an_operation_is_found_by_its_task,
                a_task_of_two_operations_finds_neither,
                a_caller_finds_the_newest_of_its_own_operations_of_a_task,
                a_task_without_an_operation_of_the_caller_is_not_found,
            }
            listing {
                a_caller_lists_its_own_operations_from_the_newest_on,
                a_list_goes_on_behind_any_operation_of_it,
                the_list_tells_how_an_operation_stands,
                what_was_withdrawn_has_expired_or_belongs_to_nobody_is_not_listed,
            }
        }
    };
}

/// As [`every_rule`], for the log.
macro_rules! every_rule_of_the_log {
    ($open:path) => {
        tests! { $open:
            logging {
                entries_are_read_in_order_from_any_number_on,
                a_worker_thought_dead_writes_no_entry,
                a_lapsed_lease_still_writes_until_another_claim,
                nothing_is_logged_after_an_end_a_release_or_a_hand_over,
                entries_that_come_with_the_end_complete_the_log_without_a_write_of_it,
                who_may_not_end_an_operation_tells_nothing_either,
                a_generator_that_has_taken_the_job_over_goes_on_with_the_log,
                nothing_is_logged_after_the_deadline,
                a_repeated_write_logs_nothing_twice,
                of_twenty_concurrent_writes_of_one_claim_one_is_made,
                the_next_attempt_goes_on_where_the_last_one_ended,
                an_operation_shows_nothing_of_an_earlier_one_of_its_id,
                texts_of_any_language_are_read_as_they_were_written,
                an_unknown_operation_has_no_log,
                a_lease_is_renewed_while_its_log_is_written,
            }
        }
    };
}

mod in_memory {
    use std::sync::Arc;

    use lifecycle::memory::MemoryStore;

    use crate::rules::logging::Kept;

    async fn store() -> Option<MemoryStore> {
        Some(MemoryStore::default())
    }

    async fn kept() -> Option<Kept> {
        let store = Arc::<MemoryStore>::default();
        Some(Kept { store: Arc::<MemoryStore>::clone(&store), log: store })
    }

    every_rule!(super::store);
    every_rule_of_the_log!(super::kept);
}

mod on_aws;
