//! Long texts: a cut keeps the limit and never shows half of a secret.

use sanitise::sanitise;

use super::{hostile, strings};

/// Characters read for the caller's limit of 200: four times the limit plus 4,096.
const WINDOW: usize = 4_896;

#[test]
fn a_cut_text_ends_with_an_ellipsis_within_the_limit() {
    let long = "The block was not found. ".repeat(1_000);
    for limit in [0, 1, 2, 10, 200, 2_000] {
        let shown = sanitise(&long, limit);
        assert!(shown.chars().count() <= limit);
        assert!(limit == 0 || shown.ends_with('…'), "{shown}");
        assert_eq!(sanitise(&shown, limit), shown);
    }
    assert_eq!(sanitise("four", 4), "four");
    assert_eq!(sanitise("fiver", 4), "fiv…");
    assert_eq!(sanitise("größe", 5), "größe");
}

#[test]
fn a_cut_never_leaves_half_a_placeholder() {
    for limit in 0..40 {
        let shown = sanitise("see http://gen.internal/x and alice@example.com", limit);
        assert_eq!(shown.matches('[').count(), shown.matches(']').count(), "{shown}");
    }
}

#[test]
fn text_after_a_long_token_is_not_lost() {
    let text = format!("{} then the block was not found", "a1B2".repeat(500));
    assert_eq!(sanitise(&text, 200), "[secret] then the block was not found");
}

/// The needles that a text shows.
fn left(needles: &[String], shown: &str) -> Vec<String> {
    needles.iter().filter(|needle| shown.contains(*needle)).map(|needle| format!("{needle} in {shown}")).collect()
}

#[test]
fn nothing_hidden_shows_at_the_end_of_the_window() {
    // A long token becomes a placeholder, so that the end of the window can be shown. The text is cut by the window's
    // end, or by the end of the shown part 512 characters before it.
    let token = "a1B2".repeat(WINDOW / 4);
    let more = " and so on".repeat(60);
    let mut leaks = Vec::new();
    for row in hostile() {
        let text = row["text"].as_str().unwrap();
        let needles = strings(&row, "needles");
        let length = text.chars().count();
        for inside in [length / 3, length * 2 / 3] {
            for end in [WINDOW, WINDOW - 512] {
                let filler = token.get(..end - 1 - inside).unwrap();
                let shown = sanitise(&format!("{filler} {text}{more}"), 200).replace("[secret]", "");
                leaks.extend(left(&needles, &shown));
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn a_password_of_several_words_is_hidden_even_if_its_closing_quote_is_not_read() {
    let token = "a1B2".repeat(WINDOW / 4);
    let words = "correct horse battery staple ".repeat(40);
    for read in (20..1_000).step_by(40) {
        let text = format!("{} password=\"{words}\" was refused", token.get(..WINDOW - read).unwrap());
        let shown = sanitise(&text, 200);
        assert!(!shown.contains("horse"), "{shown}");
    }
}

#[test]
#[rustfmt::skip]
fn a_secret_longer_than_a_detector_reads_leaves_no_tail() {
    let body = "Zq7xK9vB".repeat(1_400);
    let starts = [
        "", "password=", "password: ", "password=\"", "Bearer ", "http://gen.internal/", "arn:aws:", "/srv/", "C:\\", "src/",
        "sk-", "eyJ", "alice@",
    ];
    for start in starts {
        for limit in [200, 2_000, 20_000] {
            let shown = sanitise(&format!("failed with {start}{body}"), limit);
            assert!(!shown.contains("Zq7"), "{start}: {shown}");
        }
    }
}

#[test]
fn a_megabyte_of_hostile_text_is_masked_like_one_line() {
    let mut leaks = Vec::new();
    for row in hostile().iter().step_by(4) {
        let text = row["text"].as_str().unwrap();
        let shown = sanitise(&format!("{text}\n\n").repeat(1_000_000 / (text.len() + 2)), 200);
        assert!(shown.chars().count() <= 200);
        leaks.extend(left(&strings(row, "needles"), &shown));
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
#[rustfmt::skip]
fn a_megabyte_of_one_repeated_sign_is_cut_like_any_text() {
    let units = [
        "a", "a.", "a/", "a:", "a@", "1.", "::", "%25", "&#58;", "[", "\"", "\n", "\u{1b}[", "\u{1b}]", "\u{200b}", "password=",
        "-----BEGIN ", "http://", "eyJ", "日", "а", "C:\\a ", "a\u{301}",
    ];
    for unit in units {
        let shown = sanitise(&unit.repeat(1_000_000 / unit.len()), 2_000);
        assert!(shown.chars().count() <= 2_000, "{unit:?}");
        assert_eq!(sanitise(&shown, 2_000), shown, "{unit:?}");
    }
}
