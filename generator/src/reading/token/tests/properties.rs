use proptest::prelude::*;

use super::tokens;
use crate::reading::{schedule, work::counted};

/// Pieces at which a reader may stumble, in any order, glued or not, and any characters.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = [
        "every",
        "day",
        "at",
        "9",
        "9:30",
        "am",
        "half",
        "past",
        "two",
        "hours",
        "an hour",
        "and a half",
        "the 25th",
        "of",
        "each",
        "month",
        "Monday",
        "to",
        "Friday",
        "daily",
        "between",
        "1.",
        "- ",
        "\n",
        "\r\n",
        "\"",
        "'",
        "“",
        "”",
        "’",
        "`",
        "```",
        "«",
        "»",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "(",
        ")",
        ",",
        ".",
        "!",
        "?",
        "…",
        ":",
        ";",
        "-",
        "–",
        "—",
        "->",
        "→",
        "/",
        "@",
        "#",
        "$",
        "€",
        "%",
        "°",
        "~",
        "+",
        "=",
        "&",
        "*",
        "_",
        "https://",
        "www.",
        "example.com",
        "bob@example.com",
        "r/rust",
        "acme/shop",
        "#news",
        "1,000",
        "24h",
        "2026-12-24",
        "24/12",
        "UTC",
        "+2",
        "Europe/Berlin",
        "e.g.",
        "team's",
        "🎉",
        "👍🏽",
        "e\u{301}",
        "要約",
        "。",
        "\u{a0}",
        "\u{2028}",
        "\0",
        "\u{200d}",
        "٣",
        "ß",
        "İ",
        "*/5 * * * *",
        "0 9 * * 1",
        "100 %",
        "zero",
        "31st",
        "first",
        "last",
        "weekdays",
    ];
    let piece = prop_oneof![4 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec((piece, prop::bool::ANY), 0..40)
        .prop_map(|all| all.into_iter().map(|(piece, blank)| if blank { piece + " " } else { piece }).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_character_that_is_not_blank_lies_in_exactly_one_token(text in any_text()) {
        let mut at = 0;
        for token in tokens(&text) {
            prop_assert!(token.start >= at && token.end > token.start && token.end <= text.len(), "{token:?}");
            prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end), "{token:?}");
            prop_assert_eq!(text[at..token.start].trim(), "", "between {} and {:?}", at, token);
            at = token.end;
        }
        prop_assert_eq!(text[at..].trim(), "");
    }

    #[test]
    fn a_schedule_names_tokens_of_the_text_and_five_fields(text in any_text()) {
        let tokens = tokens(&text);
        if let Some(schedule) = schedule(&text, &tokens) {
            prop_assert_eq!(schedule.cron.split(' ').count(), 5, "{}", schedule.cron);
            let mut at = 0;
            for span in &schedule.spans {
                prop_assert!(span.start >= at && span.end > span.start && span.end <= tokens.len(), "{span:?}");
                at = span.end;
            }
            prop_assert!(!schedule.spans.is_empty());
            for other in &schedule.others {
                prop_assert!(other.end <= tokens.len() && schedule.spans.iter().all(|span| span.end <= other.start || other.end <= span.start));
            }
        }
    }
}

/// What is looked at for a text of so many times the same piece.
fn work(piece: &str, length: usize) -> usize {
    let text = piece.repeat(length / piece.len());
    counted(|| {
        let tokens = tokens(&text);
        schedule(&text, &tokens);
    })
}

#[test]
fn a_text_takes_twice_the_work_of_one_half_as_long() {
    for piece in [
        "a",
        "word ",
        "\"",
        "' ",
        "\"a ",
        "'a ",
        "“a ",
        "„",
        "``` ",
        "[",
        "[a",
        "{{",
        "<a ",
        "(",
        "-",
        "- ",
        "\n",
        "\n- ",
        "1. ",
        "1) ",
        "a.",
        "a?",
        "?.",
        "a/",
        "a:",
        "a-",
        "a@",
        "#",
        "@",
        "$",
        "https://",
        "https://.",
        "www.",
        "ab://",
        "1,",
        "1.1",
        "1:",
        "9-",
        "9:30-",
        "every ",
        "daily ",
        "daily and ",
        "every day at 9 ",
        "every day at 9. ",
        "Monday, ",
        "on Monday ",
        "at 9, ",
        "the 1st, ",
        "half ",
        "two ",
        "a ",
        "0 9 * * ",
        "* ",
        "*/5 * * * * ",
        "cron 1 ",
        "between 8 and ",
        "of each month ",
        "acme/shop issues ",
        "UTC/",
        "Europe/",
        "🎉",
        "e\u{301}",
        "要",
        "e.g. ",
        "in the morning ",
        "send it at 9. ",
        "a daily report ",
        "  ",
        "\u{2028}",
    ] {
        let (half, whole) = (work(piece, 1_500), work(piece, 3_000));
        assert!(whole <= half * 5 / 2 + 200, "{piece:?}: {half}, then {whole}");
        assert!(whole <= 3_000 * 250, "{piece:?}: {whole}");
    }
}
