//! The work grows as the text does, whatever it is made of: shown by counting looks at characters and not by a clock.

use crate::{masked, text::Text};

/// What makes detectors look far or often. Each is repeated until it fills a text.
#[rustfmt::skip]
const SHAPES: &[&str] = &[
    // Signs and the smallest words around them.
    "a", "a ", "a.", "a-", "a/", "a\\", "a:", "a@", "a_", "A1b", "a=b;", "1.", "1:", "1-", "f:", "00:", "::", ":", ".", "-",
    "=", "@", "/", "//", "\\", "~", "[", "(", "{", "<", "|1|", "\"", "'", "\"a", "'a", "a\"", "b'", "a…", "\n", "a\n", "a\n=\n",
    // Encoded, invisible and foreign.
    "%25", "%3A", "%20", "&#58;", "\\\"", "\\\\\\\"", "\u{200b}", "\u{1b}[", "a\u{301}", "日", "日@", "日.@", "а", " (at) ", "(dot)",
    // The beginnings of what is hidden.
    "http://", "http:", "jdbc:", "www.", "arn:", "eyJ", "sk-", "-----BEGIN ", "-----BEGIN A-----\n", "C:\\a ", "C:\\", "\\\\a\\",
    "../", "/a", "/[a]", "~a/", "$a/", ".a/", "AB\\cde ", "Ab ", "A <", "<a@", "\"a\"@", "a'b@", "a at b dot ", "0x1.",
    "1234567890:", "1111-", "[host]", "[secret]",
    // Keys and the words of sentences.
    "password ", "password=", "password=(", "password=\"\n", "password=\\\"", "password={", "password=}}", "password: |\n",
    "password is ", "password for ", " of ", "is ", "user ", "user=", "host:", "host=", "key=\"", "port 1, ", "connect to ",
    "password given, ", "role ", "home of ", "cn=", "0x", "1111 ", "a b c d ", "i-", "a1b2c3d4-", " dot ", "smtp 1 ",
    "Bearer ", "Authorization: a=b, ", "Cookie: a=\"b",
];

/// Looks at one character at most, on average. The worst shapes, `a-` and `a.`, need about 370.
const MOST_LOOKS: usize = 400;

/// How often all the detectors together look at a character of a text.
fn looks(text: &str) -> usize {
    let text = Text::read(text, usize::MAX);
    masked(&text, text.len());
    text.looked.get()
}

#[test]
fn four_times_the_text_is_four_times_the_work() {
    // Longer than any detector looks ahead.
    const LENGTH: usize = 5_000;
    for shape in SHAPES {
        let text = shape.repeat(LENGTH / shape.len());
        let (once, four_times) = (looks(&text), looks(&text.repeat(4)));
        assert!(four_times * 10 <= once * 44, "{shape:?}: {once} looks, and {four_times} for four times the text");
        assert!(once <= LENGTH * MOST_LOOKS, "{shape:?}: {once} looks at {LENGTH} characters");
    }
}
