//! The properties of `fuzz`, over the kept inputs and over as many changed ones as there is time for. The same at every run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::{collections::BTreeSet, fs, panic, path::Path};

use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{RngSeed, TestRunner},
};

/// Where chance begins.
const SEED: u64 = 20_260_101;

fn here(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The files of a folder; none where there is no such folder.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(here(folder)).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.display().to_string(), fs::read(file).unwrap())).collect()
}

/// One change to an input.
#[derive(Debug, Clone)]
enum Change {
    Cut(Index, usize),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Repeat(Index, usize, usize),
    Splice(Index, Index, Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 1_usize..40).prop_map(|(at, length)| Change::Cut(at, length)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (at(), prop_oneof![vec(any::<u8>(), 1..8), "[ -~äß…\u{202e}]{1,6}".prop_map(String::into_bytes)])
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), 1_usize..30, 2_usize..9).prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        (at(), at(), at(), 1_usize..60).prop_map(|(at, of, from, length)| Change::Splice(at, of, from, length)),
    ]
}

fn changed(seeds: &[(String, Vec<u8>)], seed: Index, changes: Vec<Change>) -> Vec<u8> {
    let mut bytes = seeds[seed.index(seeds.len())].1.clone();
    for change in changes {
        let part = |at: Index, bytes: &[u8], length: usize| {
            let start = at.index(bytes.len() + 1);
            start..bytes.len().min(start + length)
        };
        match change {
            Change::Cut(at, length) => drop(bytes.drain(part(at, &bytes, length))),
            Change::Flip(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= byte;
            }
            Change::Flip(..) => {}
            Change::Insert(at, inserted) => drop(bytes.splice(part(at, &bytes, 0), inserted)),
            Change::Repeat(at, length, times) => {
                let part = part(at, &bytes, length);
                let repeated = bytes[part.clone()].repeat(times);
                drop(bytes.splice(part, repeated));
            }
            Change::Splice(at, of, from, length) => {
                let other = &seeds[of.index(seeds.len())].1;
                let taken = other[part(from, other, length)].to_vec();
                drop(bytes.splice(part(at, &bytes, 0), taken));
            }
        }
    }
    bytes
}

/// Holds `check` against what is kept for `target` and in the folders of `more`, then against `cases` changed inputs.
fn holds(target: &str, more: &[&str], cases: u32, check: fn(&[u8])) {
    let folders = [format!("corpus/{target}"), format!("regressions/{target}")];
    let mut seeds: Vec<_> = folders.iter().flat_map(|folder| files(folder)).collect();
    seeds.extend(more.iter().flat_map(|folder| files(folder)));
    assert!(seeds.len() > more.len(), "nothing is kept for {target}");
    for (name, bytes) in &seeds {
        assert!(panic::catch_unwind(|| check(bytes)).is_ok(), "{target} does not hold of {name}");
    }
    let config =
        ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(SEED), ..Default::default() };
    let held = TestRunner::new(config).run(&(any::<Index>(), vec(change(), 1..6)), |(seed, changes)| {
        let bytes = changed(&seeds, seed, changes);
        let held = panic::catch_unwind(|| check(&bytes)).is_ok();
        prop_assert!(held, "{target} does not hold of {:?}", String::from_utf8_lossy(&bytes));
        Ok(())
    });
    if let Err(error) = held {
        panic!("{error}\nseed {SEED}; what does not hold belongs into regressions/{target}");
    }
}

#[test]
fn any_event_is_answered_as_its_trigger_is() {
    holds("event", &["../events"], 300, fuzz::event::check);
}

#[test]
fn any_request_gets_a_result_that_holds_or_the_reason_why_not() {
    holds("request", &[], 200, fuzz::request::check);
}

#[test]
fn any_answer_of_a_generator_is_a_result_or_a_classified_failure() {
    holds("upstream", &[], 1_000, fuzz::upstream::check);
}

#[test]
fn whatever_a_generator_says_leaves_short_and_without_its_secrets() {
    holds("sanitiser", &[], 100, fuzz::sanitiser::check);
}

#[test]
fn any_completion_ends_its_operation_once_or_is_refused() {
    holds("completion", &[], 500, fuzz::completion::check);
}

#[test]
fn no_message_leaves_a_queue_before_its_work_has_ended() {
    holds("batch", &[], 300, fuzz::batch::check);
}

#[test]
fn any_catalogue_is_refused_with_its_reason_or_good_to_build_with() {
    holds("catalogue", &[], 100, fuzz::catalogue::check);
}

#[test]
fn any_agent_is_mended_once_and_no_patch_breaks_it() {
    holds("graph", &[], 150, fuzz::graph::check);
}

#[test]
fn no_address_that_a_caller_writes_leads_into_the_private_network() {
    holds("callback", &[], 3_000, fuzz::callback::check);
}

#[test]
fn what_is_asked_beside_the_work_is_in_order_or_refused() {
    holds("headers", &[], 2_000, fuzz::headers::check);
}

#[test]
fn any_answer_of_a_language_model_is_an_agent_that_holds_or_a_known_failure() {
    holds("plan", &[], 150, fuzz::plan::check);
}

#[test]
fn any_plan_is_built_and_holds_or_comes_back_with_all_that_is_wrong() {
    holds("workbench", &[], 150, fuzz::workbench::check);
}

#[test]
fn any_message_of_an_assistant_is_answered_in_the_form_of_its_protocol() {
    holds("message", &[], 150, fuzz::message::check);
}

#[test]
fn nobody_gets_in_with_a_token_that_no_issuer_signed_for_us() {
    holds("token", &[], 300, fuzz::token::check);
}

#[test]
fn every_property_has_a_program_and_inputs_that_are_kept() {
    let names = |folder: &str| -> BTreeSet<String> {
        // There is no folder of findings where there are none.
        let paths = fs::read_dir(here(folder)).into_iter().flatten().map(|entry| entry.unwrap().path());
        paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let properties: BTreeSet<_> = include_str!("../src/lib.rs")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned()))
        .collect();
    assert_eq!(names("fuzz_targets"), properties);
    assert_eq!(names("corpus"), properties);
    assert!(names("regressions").is_subset(&properties), "{:?}", names("regressions"));
}
