//! Every text of both corpora must pass; prints the figures.

#![allow(clippy::print_stdout, reason = "people read the figures")]

use std::collections::HashSet;

use sanitise::sanitise;

use super::{LIMITS, harmless, hostile, strings};

/// Texts per corpus.
const FEWEST: usize = 320;

#[test]
fn no_secret_address_path_or_name_reaches_a_caller() {
    let rows = hostile();
    let mut leaks = Vec::new();
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        let needles = strings(row, "needles");
        assert!(!needles.is_empty(), "{text} has no needles");
        for needle in &needles {
            let disguised = text.contains(|c: char| !c.is_ascii() || matches!(c, '\n' | '\u{1b}' | '\\'));
            assert!(text.contains(needle) || disguised, "{needle:?} is not in {text:?}");
        }
        let shown = LIMITS.map(|limit| sanitise(text, limit));
        for (shown, limit) in shown.iter().zip(LIMITS) {
            assert_eq!(sanitise(shown, limit), *shown, "not stable: {text:?}");
        }
        let left: Vec<_> = needles.iter().filter(|needle| shown.iter().any(|shown| shown.contains(*needle))).collect();
        if !left.is_empty() {
            leaks.push(format!("{left:?} of {text:?}\n    in {:?}", shown[1]));
        }
    }
    println!("hostile: {} of {} masked", rows.len() - leaks.len(), rows.len());
    assert!(rows.len() >= FEWEST, "the corpus has shrunk to {}", rows.len());
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn an_engineer_can_still_read_what_went_wrong() {
    let rows = harmless();
    let mut harmed = Vec::new();
    for row in &rows {
        let text = row["text"].as_str().unwrap();
        let shown = sanitise(text, 2_000);
        let keeps = strings(row, "keeps");
        let kept = if keeps.is_empty() { shown == text } else { keeps.iter().all(|part| shown.contains(part)) };
        if !kept {
            harmed.push(format!("{text:?}\n    as {shown:?}"));
        }
    }
    println!("harmless: {} of {} readable", rows.len() - harmed.len(), rows.len());
    assert!(rows.len() >= FEWEST, "the corpus has shrunk to {}", rows.len());
    assert!(harmed.is_empty(), "{} texts lost information:\n{}", harmed.len(), harmed.join("\n"));
}

#[test]
fn no_text_is_counted_twice() {
    for rows in [hostile(), harmless()] {
        let texts: HashSet<_> = rows.iter().map(|row| row["text"].as_str().unwrap()).collect();
        assert_eq!(texts.len(), rows.len());
    }
}
