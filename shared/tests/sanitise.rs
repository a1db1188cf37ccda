//! What a generator says in an error reaches the caller and the log: nothing of its insides may, and its sense must.

#![allow(clippy::unwrap_used, reason = "a broken row of a corpus is a failure of the test that reads it")]

use proptest::prelude::*;
use serde_json::Value;
use shared::sanitise::sanitise;

/// The two lengths that are used: the caller's and the log's.
const LIMITS: [usize; 2] = [200, 2_000];

/// Every row of a corpus. A marker keeps the fake keys in it from looking real to scanners of this repository.
fn rows(corpus: &str) -> Vec<Value> {
    corpus.replace("{{split}}", "").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn strings(row: &Value, key: &str) -> Vec<String> {
    row[key].as_array().into_iter().flatten().map(|value| value.as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_secret_address_path_or_name_reaches_a_caller() {
    let mut leaks = Vec::new();
    let rows = rows(include_str!("data/hostile.jsonl"));
    assert!(rows.len() >= 80, "the corpus has shrunk to {}", rows.len());
    for row in rows {
        let text = row["text"].as_str().unwrap();
        for limit in LIMITS {
            let shown = sanitise(text, limit);
            let needles = strings(&row, "needles");
            assert!(!needles.is_empty(), "{text} says nothing to look for");
            for needle in needles {
                assert!(
                    text.contains(&needle)
                        || text.chars().any(|c| !c.is_ascii() || c == '\n' || c == '\u{1b}' || c == '\\'),
                    "{needle:?} is not in {text:?}"
                );
                if shown.contains(&needle) {
                    leaks.push(format!("{needle:?} of {text:?}\n    in {shown:?}"));
                }
            }
            assert_eq!(sanitise(&shown, limit), shown, "not stable: {text:?}");
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn an_engineer_can_still_read_what_went_wrong() {
    let mut harmed = Vec::new();
    let rows = rows(include_str!("data/harmless.jsonl"));
    assert!(rows.len() >= 80, "the corpus has shrunk to {}", rows.len());
    for row in rows {
        let text = row["text"].as_str().unwrap();
        let shown = sanitise(text, 2_000);
        let keeps = strings(&row, "keeps");
        let kept = if keeps.is_empty() { shown == text } else { keeps.iter().all(|part| shown.contains(part)) };
        if !kept {
            harmed.push(format!("{text:?}\n    as {shown:?}"));
        }
    }
    assert!(harmed.is_empty(), "{} texts lost their sense:\n{}", harmed.len(), harmed.join("\n"));
}

#[test]
fn a_cut_text_says_so_and_keeps_its_limit() {
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
fn sense_behind_a_long_token_is_not_lost() {
    let text = format!("{} then the block was not found", "a1B2".repeat(500));
    assert_eq!(sanitise(&text, 200), "[secret] then the block was not found");
}

#[test]
fn megabytes_do_not_hold_up_the_answer() {
    // The time is that of a debug build on a busy machine; a quadratic scan of any of these takes minutes.
    let units = [
        "a",
        "a ",
        "a.",
        "a/",
        "a-",
        "a:",
        "a@",
        "1.",
        "1:",
        "::",
        "/",
        "\\",
        "%25",
        "%3A",
        "&#58;",
        "[",
        "\"",
        "\n",
        "\u{1b}[",
        "\u{1b}]",
        "\u{200b}",
        "password ",
        "password=",
        "user ",
        "host:",
        "Cookie: a=b; ",
        "-----BEGIN ",
        "http://",
        "eyJ",
        "sk-",
        "日",
        "а",
        "C:\\a ",
        "ports 1, ",
        "a=b;",
        "a\u{301}",
    ];
    let start = std::time::Instant::now();
    for unit in units {
        let text = unit.repeat(1_000_000 / unit.len());
        let shown = sanitise(&text, 2_000);
        assert!(shown.chars().count() <= 2_000);
        assert_eq!(sanitise(&shown, 2_000), shown, "{unit:?}");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
}

/// A sentence around what is generated. The part stands between blanks or signs, as it does in an error.
fn within(part: impl Strategy<Value = String>) -> impl Strategy<Value = (String, String)> {
    let open = prop::sample::select(vec![" ", " (", " \"", " '", "=", ": ", "\n", ", ", " <", "は"]);
    let close = prop::sample::select(vec![" ", ")", "\"", "'", ". ", ", ", "\n", ": ", ">", "に"]);
    let prose = "([a-z]{1,8} ){0,12}[a-z]{1,8}";
    (prose, open, part, close, prose)
        .prop_map(|(before, open, part, close, after)| (format!("{before}{open}{part}{close}{after}"), part))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_one_line_within_the_limit_that_stays_as_it_is(text in any::<String>(), limit in 0_usize..300) {
        let shown = sanitise(&text, limit);
        prop_assert!(shown.chars().count() <= limit);
        prop_assert!(!shown.contains(char::is_control), "{shown:?}");
        prop_assert_eq!(sanitise(&shown, limit), shown);
    }

    #[test]
    fn a_text_of_signs_and_keywords_stays_as_it_is(
        parts in prop::collection::vec(prop::sample::select(vec![
            "password", "user", "host", "port", "token", "key", "Bearer", "Basic", "Authorization", "Cookie", "=", ":", "://", "@", ".", "/", "\\", "-", "_", "'", "\"", "[", "]", "(", ")", " ", "\n", "%3A",
            "[secret]", "[host]", "[ip]", "[port]", "a", "Bc", "7", "10.0.0.1", "8080", "com", "local", "src", "rs", "connect to", "is", "is not", "alice", "hunter2", "::", "fe80", "…", ",", ";", "&", "<", ">", "http", "sk-", "日本", "~", "$", "C:", "é", "\u{301}", "\u{200d}", "\u{1b}[",
        ]), 0..40),
        limit in 0_usize..200,
    ) {
        let shown = sanitise(&parts.concat(), limit);
        prop_assert!(shown.chars().count() <= limit);
        prop_assert!(!shown.contains(char::is_control), "{shown:?}");
        prop_assert_eq!(sanitise(&shown, limit), shown);
    }

    #[test]
    fn no_address_survives_in_any_sentence((text, url) in within("[a-z]{3,8}://[a-z]{5,9}(:[0-9]{4})?/[a-z0-9]{9}")) {
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains("://"), "{shown:?} of {text:?}");
        prop_assert!(!shown.contains(&url[url.len() - 9..]), "{shown:?} of {text:?}");
    }

    #[test]
    fn no_ip_address_survives_in_any_sentence((text, ip) in within("(10|172|192)\\.(1?[1-9]?[0-9])\\.(1?[1-9]?[0-9])\\.(1?[1-9]?[0-9])(:[1-9][0-9]{3})?")) {
        let shown = sanitise(&text, 2_000);
        prop_assert_eq!(digits(&shown), "", "{:?} of {:?}", ip, text);
    }

    #[test]
    fn no_ipv6_address_survives_in_any_sentence((text, _) in within("[12][0-9a-f]{3}:[0-9a-f]{1,4}::[1-9a-f]{1,4}:[1-9][0-9]{0,3}")) {
        let shown = sanitise(&text, 2_000);
        prop_assert_eq!(digits(&shown), "", "{:?}", text);
    }

    #[test]
    fn no_mail_address_survives_in_any_sentence((text, _) in within("[A-Z]{4,9}[0-9]{2}@[a-z]{2,8}\\.[a-z]{2,3}")) {
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains(|c: char| c == '@' || c.is_ascii_uppercase()), "{shown:?} of {text:?}");
    }

    #[test]
    fn no_key_survives_in_any_sentence((text, key) in within("(sk-|ghp_|glpat-|xoxb-)[A-Z][0-9A-Za-z]{19,40}")) {
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains(&key[8..16]), "{shown:?} of {text:?}");
    }

    #[test]
    fn no_long_token_survives_in_any_sentence((text, token) in within("([0-9a-f]{32}|[A-Z][0-9][a-z][0-9A-Za-z+/]{37})")) {
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains(&token[..8]) && !shown.contains(&token[token.len() - 8..]), "{shown:?} of {text:?}");
    }

    #[test]
    fn no_password_survives_behind_its_key(
        key in prop::sample::select(vec!["password=", "\"password\": \"", "DB_PASSWORD: ", "pwd=", "--password ", "the password is ", "api_key=", "client_secret: ", "Authorization: Bearer ", "PGPASSWORD="]),
        // Neither `=` nor `:`: where they stand behind a comma, another key may begin.
        password in "[A-Z][0-9A-Za-z!#%^*.,;@/+?-]{6,20}[0-9]",
        after in prop::sample::select(vec!["", "\"", "\", \"x\": 1", " and so on", "\nnext"]),
    ) {
        let text = format!("failed with {key}{password}{after}");
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains(&password[..4]), "{shown:?} of {text:?}");
        prop_assert!(!shown.contains(&password[password.len() - 4..]), "{shown:?} of {text:?}");
    }

    #[test]
    fn no_path_survives_in_any_sentence((text, path) in within("(/|~/|[.]{1,2}/|C:[\\\\]|src/)[a-z]{2,6}[/][a-z_]{2,8}Q[a-z]{3}[.](rs|py|json)")) {
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains('Q'), "{shown:?} of {text:?} with {path:?}");
    }

    #[test]
    fn no_host_survives_in_any_sentence((text, _) in within("[a-z]{2,5}(-[0-9])?[.]Q[a-z]{3}[.](internal|local|com|net|de|io|corp|svc)(:[0-9]{2,5})?")) {
        let shown = sanitise(&text, 2_000);
        prop_assert!(!shown.contains('Q'), "{shown:?} of {text:?}");
    }

    #[test]
    fn plain_prose_is_left_alone(text in "(the|a|no|one) (block|agent|step|link|goal)( (is|was|has|had|needs) (no|one|another|two) (input|output|result|value)){1,6}") {
        prop_assert_eq!(sanitise(&text, 2_000), text);
    }
}
