//! Measures the sanitiser's time per byte, from 1 KB to 1 MB: with the log's limit of 2,000 characters, for which only
//! the beginning is read, and with the whole text read.
//!
//! `cargo bench -p sanitise`. A unit test counts steps to show that the work is linear.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{hint::black_box, time::Instant};

use sanitise::sanitise;

/// Name and repeated unit.
const SHAPES: &[(&str, &str)] = &[
    ("prose", "The block AITextGeneratorBlock has no input 'prompt'; step 3 needs one. "),
    ("stack trace", "File \"/srv/gen/plan.py\", line 88, in plan\n  raise ConnectionError('db-1:5432')\n"),
    ("connection string", "postgresql://alice:hunter2@db.internal:5432/agents "),
    ("encoded", "%2568ttp%253A%252F%252Fgen%253A8000 "),
    ("invisible", "a\u{200b}"),
    ("Japanese", "手順が見つかりません。"),
    ("hyphens", "a-"),
    ("dots", "a."),
];

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Nanoseconds per byte of the shortest of a few runs.
fn per_byte(text: &str, limit: usize) -> f64 {
    let runs = if text.len() > 100_000 { 3 } else { 9 };
    let shortest = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(sanitise(black_box(text), limit));
            start.elapsed()
        })
        .min()
        .unwrap_or_default();
    shortest.as_secs_f64() * 1e9 / text.len() as f64
}

fn main() {
    for (limit, what) in [(2_000, "2,000 characters kept"), (usize::MAX, "whole text kept")] {
        println!("ns per byte, {what}");
        println!("{:<20}{:>9}{:>9}{:>9}{:>9}", "", "1 KB", "10 KB", "100 KB", "1 MB");
        for (name, shape) in SHAPES {
            let figures = SIZES.map(|size| per_byte(&shape.repeat(size / shape.len()), limit));
            println!("{name:<20}{}", figures.map(|figure| format!("{figure:>9.1}")).concat());
        }
    }
}
