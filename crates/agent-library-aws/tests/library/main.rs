//! The rules of the library, as one list of tests for both adapters: in memory, which other tests rely on, and AWS. And what
//! is true of AWS alone: a writer that dies between bucket and table, and what the sweep finds then.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the failure")]

mod agents;
mod cloud;
mod crashes;
mod deleting;
mod large_table;
mod listing;
mod many;
mod offers;
mod saving;
mod sharing;

/// Makes each rule a test of the library from `$open`. The test passes at once if there is none.
macro_rules! tests {
    ($open:path: $($theme:ident { $($rule:ident,)* })*) => {
        $(mod $theme {
            $(#[tokio::test]
            async fn $rule() {
                if let Some(library) = $open().await {
                    crate::$theme::$rule(&library).await;
                }
            })*
        })*
    };
}

macro_rules! every_rule {
    ($open:path) => {
        tests! { $open:
            saving {
                an_agent_of_any_size_is_read_back_byte_for_byte,
                of_two_editors_one_wins_each_of_100_rounds_and_the_other_is_told,
                of_twenty_who_create_one_agent_one_does,
                a_repeated_creation_finds_the_first_one,
                what_one_piece_of_work_saves_again_is_not_saved_twice,
                an_old_version_stays_as_it_was_and_the_history_says_how_each_came_about,
            }
            listing {
                a_list_has_every_agent_once_newest_first,
                a_search_finds_words_of_names_and_descriptions,
                a_history_comes_in_pages,
            }
            deleting {
                a_deleted_agent_is_gone_from_lists_at_once_and_can_be_had_back,
                nobody_gets_an_agent_back_after_30_days_and_its_id_is_free,
            }
            sharing {
                nobody_sees_or_changes_what_is_not_theirs,
                all_agents_go_over_to_another_owner_with_their_versions,
                an_agent_that_is_changed_on_its_way_goes_over_whole,
            }
        }
    };
}

mod in_memory {
    use agent_library::memory::MemoryLibrary;

    async fn open() -> Option<MemoryLibrary> {
        Some(MemoryLibrary::default())
    }

    every_rule!(super::open);
}

mod on_aws {
    async fn open() -> Option<agent_library_aws::Shelf> {
        Some(crate::cloud::Cloud::new().await?.shelf)
    }

    every_rule!(super::open);
}
