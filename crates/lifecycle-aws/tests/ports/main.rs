//! What operations rely on, as one list of rules for every platform: the one in memory, which other tests trust, and AWS.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the failure")]

mod broken_aws;
mod rules;

/// Each rule of a list as a test of the store that `$open` gives; where it gives none, the test ends.
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
                a_new_operation_reads_as_it_was_given,
                a_repeat_of_an_id_shows_the_first,
                a_repeat_of_a_key_shows_the_first_under_whatever_id,
                a_key_is_its_owners_alone,
                an_id_in_use_takes_no_key,
                an_expired_operation_gives_its_id_and_its_key_back,
                of_twenty_with_one_id_at_once_one_begins,
                of_twenty_with_one_key_at_once_one_begins,
            }
            withdrawing {
                what_could_not_be_enqueued_leaves_nothing_behind,
                its_key_begins_anew_under_another_id,
                what_a_worker_has_stays,
                what_was_given_back_leaves_its_key_to_the_next,
                what_ended_stays,
                what_is_not_there_is_no_error,
            }
            claiming {
                a_worker_gets_the_operation_and_its_request,
                a_second_worker_waits_for_the_lease_to_end,
                a_lease_of_no_time_is_over_at_once,
                what_was_given_back_is_free_at_once_and_counts_a_failure,
                what_the_generator_took_over_is_not_done_again,
                what_ended_is_not_done_again,
                what_is_unknown_or_expired_is_nobodys,
                of_twenty_workers_at_once_one_has_it,
                a_long_request_comes_as_it_was_given,
            }
            fencing {
                a_worker_thought_dead_changes_nothing,
                a_lapsed_lease_that_nobody_claimed_is_still_its_workers,
                a_claim_given_back_is_not_extended,
                giving_back_twice_counts_one_failure,
                handing_over_twice_is_handing_over,
                after_the_end_nothing_changes,
                what_is_unknown_or_expired_cannot_be_changed,
            }
            finishing {
                the_first_end_stays,
                a_completion_ends_what_a_worker_has,
                a_completion_ends_what_the_generator_took_over,
                an_error_keeps_its_class,
                what_is_unknown_or_expired_has_no_end,
                of_twenty_ends_at_once_one_is_the_first_and_stays,
                an_announcement_is_noted_once_it_ended,
            }
            reading {
                a_result_of_any_length_comes_as_it_was_given,
                what_has_not_ended_has_no_outcome,
                what_expired_is_not_there,
                what_the_caller_left_out_stays_out,
                a_task_names_its_operation,
                a_task_of_two_operations_names_neither,
            }
        }
    };
}

mod in_memory {
    use lifecycle::memory::MemoryStore;

    async fn store() -> Option<MemoryStore> {
        Some(MemoryStore::default())
    }

    every_rule!(super::store);
}

mod on_aws;
