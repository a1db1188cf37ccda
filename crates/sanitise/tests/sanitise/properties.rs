//! Properties of any text.

use proptest::prelude::*;
use sanitise::sanitise;

/// A sentence around a generated part, which stands between blanks or signs as in an error text.
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
    fn any_text_gives_one_line_within_the_limit_and_a_second_pass_changes_nothing(text in any::<String>(), limit in 0_usize..300) {
        let shown = sanitise(&text, limit);
        prop_assert!(shown.chars().count() <= limit);
        prop_assert!(!shown.contains(char::is_control), "{shown:?}");
        prop_assert_eq!(sanitise(&shown, limit), shown);
    }

    #[test]
    fn a_second_pass_over_signs_and_keywords_changes_nothing(
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
    fn no_password_survives_after_its_key(
        key in prop::sample::select(vec!["password=", "\"password\": \"", "DB_PASSWORD: ", "pwd=", "--password ", "the password is ", "api_key=", "client_secret: ", "Authorization: Bearer ", "PGPASSWORD="]),
        // Without `=` and `:`, which after a comma may begin another key.
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
    fn plain_prose_does_not_change(text in "(the|a|no|one) (block|agent|step|link|goal)( (is|was|has|had|needs) (no|one|another|two) (input|output|result|value)){1,6}") {
        prop_assert_eq!(sanitise(&text, 2_000), text);
    }
}
